/* SPDX-License-Identifier: EUPL-1.2 */
import { render } from "preact";
import { App } from "./app/app";
import { startRouter } from "./app/router";
import "./styles/kern.scss";
import "./styles/base.css";

startRouter();
render(<App />, document.getElementById("app")!);
