/* SPDX-License-Identifier: EUPL-1.2 */
/* Choosing another camera or microphone. */
import { useEffect, useState } from "preact/hooks";
import { useStore } from "../../app/store";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { type Devices, listDevices } from "../../media/devices";
import { SelectField } from "../field/field";

export function DeviceChoice({ devices }: { devices: Devices }) {
  const t = useTexts(common);
  const { stream } = useStore(devices.local);
  const [found, setFound] = useState<Awaited<ReturnType<typeof listDevices>>>({ cameras: [], microphones: [] });
  useEffect(() => {
    const look = () => void listDevices().then(setFound);
    look();
    navigator.mediaDevices.addEventListener("devicechange", look);
    return () => navigator.mediaDevices.removeEventListener("devicechange", look);
  }, [stream]);
  const current = (kind: "video" | "audio") => stream?.getTracks().find((track) => track.kind === kind)?.getSettings().deviceId ?? "";
  const options = (list: MediaDeviceInfo[], name: string) => list.map((one, i) => ({ value: one.deviceId, label: one.label || `${name} ${i + 1}` }));
  return (
    <div class="columns">
      <SelectField id="camera" label={t("media.camera")} value={current("video")} options={options(found.cameras, t("media.camera"))} onChange={(id) => devices.choose("camera", id)} />
      <SelectField id="microphone" label={t("media.microphone")} value={current("audio")} options={options(found.microphones, t("media.microphone"))} onChange={(id) => devices.choose("microphone", id)} />
    </div>
  );
}
