#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Make C, TypeScript and Markdown from protocol.json.

    generate.py c     HEADER SOURCE HANDLER.c…   structs, decoder tables and the dispatch table
    generate.py ts    FILE                       types, a typed map of the operations, the keys of refusals, for web/
    generate.py md    FILE                       the reference page
"""
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
NOTE = "Made by signaling/protocol/generate.py from protocol.json; change that file."
KINDS = {"string": "SHAPE_TEXT", "integer": "SHAPE_INTEGER", "boolean": "SHAPE_BOOLEAN", "object": "SHAPE_OBJECT", "array": "SHAPE_ARRAY"}
KNOWN = {"type", "pattern", "hint", "enum", "minLength", "maxLength", "minimum", "maximum", "items", "maxItems", "properties", "optional", "nullable", "about", "$ref"}
ROLES = ["administrator", "registrar", "examiner", "reviewer", "privacy_officer"]
# The length of a text whose schema gives none, in characters: what one message can hold anyway.
TEXT_MAX = 65536


class Protocol:
    def __init__(self):
        self.raw = json.loads((HERE / "protocol.json").read_text())
        self.types = dict(self.raw["types"])
        for name, view in self.raw["views"].items():
            self.types["view:" + name] = {"type": "object", **view}
        self.operations = dict(sorted(self.raw["operations"].items()))
        for name, operation in self.operations.items():
            self.check_operation(name, operation)

    def check_operation(self, name, operation):
        unknown = set(operation) - {"http", "ws", "who", "kind", "rate", "in", "out", "optional", "about"}
        assert not unknown, f"{name}: unknown key {unknown}"
        assert operation["kind"] in ("read", "write", "work"), f"{name}: unknown kind"
        assert operation["rate"] in self.raw["rates"], f"{name}: unknown rate class"
        assert set(operation["who"]) <= {"anyone", "person", "staff", *ROLES}, f"{name}: unknown who"
        for part in re.findall(r"{(\w+)}", operation.get("http", "")):
            assert part in operation["in"], f"{name}: path names {part}, which is no input"

    def input(self, operation):
        return {"type": "object", "properties": operation["in"], "optional": operation.get("optional", [])}

    def output(self, operation):
        return None if operation["out"] == "file" else {"type": "object", "properties": operation["out"]}

    def resolve(self, schema):
        """Follow a $ref; what stands beside it (nullable, about) wins."""
        assert set(schema) <= KNOWN, f"unknown keyword in {schema}"
        if "$ref" not in schema:
            return schema
        return {**self.resolve(self.types[schema["$ref"]]), **{k: v for k, v in schema.items() if k != "$ref"}}

    def kind(self, schema):
        return "string" if "enum" in schema else schema["type"]


def symbol(name):
    return re.sub(r"\W", "_", name)


def quote(text):
    return "NULL" if text is None else json.dumps(text, ensure_ascii=False)


class C:
    def __init__(self, protocol, handlers):
        self.protocol = protocol
        self.handlers = handlers
        self.structs, self.tables, self.done = [], [], {}

    def member_lines(self, name, schema, optional):
        kind = self.protocol.kind(schema)
        if kind == "array":
            item = self.protocol.resolve(schema["items"])
            item_type = {"string": "const char *const ", "integer": "const int64_t "}.get(self.protocol.kind(item))
            if item_type is None:
                item_type = f"const {self.struct(schema['items'])} "
            return [f"{item_type}*{name};", f"size_t {name}_count;"]
        if kind == "object":
            return [f"{self.struct(schema)} {name};"]
        lines = [{"string": f"const char *{name};", "integer": f"int64_t {name};", "boolean": f"gboolean {name};"}[kind]]
        if optional and kind != "string":
            lines.append(f"gboolean has_{name};")
        return lines

    def struct(self, schema, name=None):
        """The C type of an object of the input. Only named types can be nested in inputs."""
        name = name or symbol(schema["$ref"]) + "_in"
        if name in self.done:
            return name
        self.done[name] = True
        schema = self.protocol.resolve(schema)
        lines = []
        for member, part in schema["properties"].items():
            resolved = part if "$ref" in part and self.protocol.kind(self.protocol.resolve(part)) == "object" else self.protocol.resolve(part)
            lines += self.member_lines(member, resolved, member in schema.get("optional", []))
        body = "\n".join("\t" + line for line in lines) or "\tchar nothing;"
        self.structs.append(f"typedef struct {{\n{body}\n}} {name};\n")
        return name

    def shape(self, schema, name, struct=None):
        """Write the table of a schema and return its symbol. With `struct`, offsets into that C struct."""
        if "$ref" in schema and struct is None:
            name = "type_" + symbol(schema["$ref"])
        if name in self.done:
            return name
        self.done[name] = True
        schema = self.protocol.resolve(schema)
        kind = self.protocol.kind(schema)
        fields = [f".kind = {KINDS[kind]}"]
        if kind == "string":
            if "enum" in schema:
                values = ", ".join(map(quote, schema["enum"]))
                self.tables.append(f"static const char *const {name}_choices[] = {{ {values}, NULL }};\n")
                fields.append(f".choices = {name}_choices")
            for key in ("pattern", "hint"):
                if key in schema:
                    fields.append(f".{key} = {quote(schema[key])}")
            fields += [f".minimum = {schema.get('minLength', 0)}", f".maximum = {schema.get('maxLength', TEXT_MAX)}"]
        elif kind == "integer":
            fields += [f".minimum = {schema.get('minimum', 'G_MININT64')}", f".maximum = {schema.get('maximum', 'G_MAXINT64')}"]
        elif kind == "array":
            part = schema["items"]
            inner = symbol(part["$ref"]) + "_in" if struct and self.protocol.kind(self.protocol.resolve(part)) == "object" else None
            item = self.shape(part, f"{name}_item" if inner is None else f"shape_{inner}", inner)
            fields += [f".maximum = {schema.get('maxItems', 0)}", f".item = &{item}"]
        elif kind == "object" and "properties" in schema:
            fields.append(f".members = {self.members(schema, name, struct)}")
            if struct:
                fields.append(f".size = sizeof({struct})")
        self.tables.append(f"static const shape {name} = {{ {', '.join(fields)} }};\n")
        return name

    def members(self, schema, name, struct):
        rows = []
        for member, part in schema["properties"].items():
            resolved = self.protocol.resolve(part)
            kind = self.protocol.kind(resolved)
            inner = symbol(part["$ref"]) + "_in" if struct and kind == "object" else struct if kind == "array" else None
            shape_name = f"shape_{inner}" if inner and kind == "object" else f"{name}_{member}"
            row = [quote(member), "&" + self.shape(part, shape_name, inner)]
            is_optional = member in schema.get("optional", [])
            row.append("TRUE" if is_optional else "FALSE")
            row.append("TRUE" if resolved.get("nullable") else "FALSE")
            row.append(f"offsetof({struct}, {member})" if struct else "0")
            row.append(f"offsetof({struct}, has_{member})" if struct and is_optional and kind in ("integer", "boolean") else "0")
            rows.append("\t{ " + ", ".join(row) + " },\n")
        self.tables.append(f"static const shape_member {name}_members[] = {{\n{''.join(rows)}\t{{ 0 }},\n}};\n")
        return f"{name}_members"

    def who(self, operation):
        return " | ".join("WHO_" + who.upper() for who in operation["who"])

    def header(self):
        out = [f"/* {NOTE} */", "#pragma once", '#include "signaling/operation.h"', ""]
        names = []
        for name, operation in self.protocol.operations.items():
            names.append((name, self.struct(self.protocol.input(operation), symbol(name) + "_in")))
        out += self.structs
        for name, struct in names:
            where = " and ".join(filter(None, [operation_http(self.protocol.operations[name]), "WebSocket" if self.protocol.operations[name].get("ws") else None]))
            out.append(f"/* {name}: {where}; {self.protocol.operations[name]['kind']} */")
            out.append(f"json_t *handle_{symbol(name)}(request *request, const {struct} *in, GError **error);")
        return "\n".join(out) + "\n"

    def source(self):
        rows, calls = [], []
        for name, operation in self.protocol.operations.items():
            input_shape = self.shape(self.protocol.input(operation), f"{symbol(name)}_input", f"{symbol(name)}_in")
            output = self.protocol.output(operation)
            output_shape = "NULL" if output is None else "&" + self.shape(output, f"{symbol(name)}_output")
            call = "NULL"
            if f"handle_{symbol(name)}" in self.handlers:
                call = f"call_{symbol(name)}"
                calls.append(f"static json_t *{call}(request *request, const void *in, GError **error)\n{{\n\treturn handle_{symbol(name)}(request, in, error);\n}}\n")
            method, path = operation_http(operation).split() if "http" in operation else (None, None)
            rows.append(f"\t{{ {quote(name)}, {self.who(operation)}, OPERATION_{operation['kind'].upper()}, RATE_{operation['rate'].upper()}, "
                        f"{quote(method)}, {quote(path)}, {'TRUE' if operation.get('ws') else 'FALSE'}, &{input_shape}, {output_shape}, {call} }},\n")
        views = [f"const shape *const protocol_{name}_view = &{self.shape({'$ref': 'view:' + name}, '')};\n" for name in self.protocol.raw["views"]]
        return "\n".join([f"/* {NOTE} */", '#include "signaling/protocol/operations.h"', '#include "signaling/protocol/handlers.h"', "",
                          *self.tables, *calls,
                          "const operation operations[] = {\n" + "".join(rows) + "};",
                          "const size_t operations_count = G_N_ELEMENTS(operations);\n", *views,
                          "const rate_limit rate_limits[RATE_CLASSES] = {", *self.rates(), "};", ""])


    def rates(self):
        return [f"\t[RATE_{name.upper()}] = {{ {rate['burst']}, {rate['per_minute']} }}," for name, rate in self.protocol.raw["rates"].items()]


def refusals():
    """Every `key` that an error can have: those of the identification, and what the table of all errors adds."""
    ident = re.findall(r'\[IDENT_REFUSAL_\w+\] = { "(\w+)"', (HERE / "../../ident/error.c").read_text())
    others = re.findall(r'{ "(\w+)", \d+, (?:NULL|"(\w+)") }', (HERE / "../error.c").read_text())
    assert ident and others, "no table of errors found"
    return sorted({*ident, *(key or code for code, key in others)})


def operation_http(operation):
    return operation.get("http", "")


class TypeScript:
    def __init__(self, protocol):
        self.protocol = protocol

    def type(self, schema, indent=""):
        resolved = self.protocol.resolve(schema)
        text = pascal(schema["$ref"]) if "$ref" in schema else self.plain(schema, indent)
        return text + (" | null" if resolved.get("nullable") else "")

    def plain(self, schema, indent):
        if "enum" in schema:
            return " | ".join(map(quote, schema["enum"]))
        if schema["type"] == "array":
            item = self.type(schema["items"], indent)
            return f"({item})[]" if " | " in item and not item.startswith("{") else f"{item}[]"
        if schema["type"] == "object":
            return self.members(schema, indent) if "properties" in schema else "Record<string, unknown>"
        return {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}[schema["type"]]

    def members(self, schema, indent):
        if not schema["properties"]:
            return "Record<string, never>"
        lines = []
        for name, part in schema["properties"].items():
            if "about" in part:
                lines.append(f"{indent}  /** {part['about']} */")
            mark = "?" if name in schema.get("optional", []) else ""
            lines.append(f"{indent}  {name}{mark}: {self.type(part, indent + '  ')};")
        return "{\n" + "\n".join(lines) + f"\n{indent}}}"

    def text(self):
        out = ["// SPDX-License-Identifier: EUPL-1.2", f"// {NOTE}", ""]
        for name, schema in self.protocol.types.items():
            if "about" in schema:
                out.append(f"/** {schema['about']} */")
            out.append(f"export type {pascal(name)} = {self.plain(self.protocol.resolve(schema), '')};\n")
        out.append("/** What the server tells without being asked. */")
        out.append("export interface Events {")
        for name, event in self.protocol.raw["events"].items():
            out.append(f"  /** {event['about']} */\n  {name}: {self.members(event, '  ')};")
        out.append("}\n")
        out.append("/** Every operation: what goes in, what comes out (a file where `out` is Blob), and where it is reached. */")
        out.append("export interface Operations {")
        for name, operation in self.protocol.operations.items():
            output = self.protocol.output(operation)
            out.append(f"  {quote(name)}: {{\n    in: {self.type(self.protocol.input(operation), '    ')};\n"
                       f"    out: {'Blob' if output is None else self.type(output, '    ')};\n  }};")
        out.append("}\n")
        for label, key in (("HTTP", "http"), ("WebSocket", "ws")):
            names = [quote(n) for n, o in self.protocol.operations.items() if o.get(key)]
            out.append(f"export type {label}Operation =\n  | " + "\n  | ".join(names) + ";\n")
        out.append("export const routes: Record<HTTPOperation, { method: string; path: string }> = {")
        for name, operation in self.protocol.operations.items():
            if "http" in operation:
                method, path = operation["http"].split()
                out.append(f"  {quote(name)}: {{ method: {quote(method)}, path: {quote(path)} }},")
        out.append("};\n")
        out.append("/** What an error's `key` can be. */")
        out.append("export const refusals = [\n  " + ",\n  ".join(map(quote, refusals())) + ",\n] as const;")
        return "\n".join(out) + "\n"


def pascal(name):
    return "".join(part.capitalize() for part in re.split(r"\W|_", name))


def markdown(protocol):
    script = TypeScript(protocol)
    out = ["# The protocol", "", f"<!-- {NOTE} -->", "", protocol.raw["about"], "", "| operation | reached by | who | transaction | rate |", "| --- | --- | --- | --- | --- |"]
    for name, operation in protocol.operations.items():
        where = "`" + operation["http"] + "`" if "http" in operation else ""
        where += (", " if where else "") + "WebSocket" if operation.get("ws") else ""
        out.append(f"| `{name}` | {where} | {', '.join(operation['who'])} | {operation['kind']} | {operation['rate']} |")
    out += ["", "## Rates", "", "| class | at once | per minute | by |", "| --- | --- | --- | --- |"]
    for name, rate in protocol.raw["rates"].items():
        out.append(f"| {name} | {rate['burst']} | {rate['per_minute']} | {rate['by']} |")
    out += ["", "## Shapes", "", "```ts"]
    for name, operation in protocol.operations.items():
        output = protocol.output(operation)
        out.append(f"{quote(name)}: {script.type(protocol.input(operation))} → {'file' if output is None else script.type(output)}")
    out += ["```", "", "## Types", "", "```ts"]
    for name, schema in protocol.types.items():
        out.append(f"type {pascal(name)} = {script.plain(protocol.resolve(schema), '')};")
    return "\n".join(out + ["```", ""])


def main(kind, *paths):
    protocol = Protocol()
    if kind == "c":
        handlers = set()
        for path in paths[2:]:
            handlers |= set(re.findall(r"^json_t \*(handle_\w+)\(", pathlib.Path(path).read_text(), re.MULTILINE))
        code = C(protocol, handlers)
        pathlib.Path(paths[0]).write_text(code.header())
        pathlib.Path(paths[1]).write_text(code.source())
    else:
        pathlib.Path(paths[0]).write_text(TypeScript(protocol).text() if kind == "ts" else markdown(protocol))


if __name__ == "__main__":
    main(*sys.argv[1:])
