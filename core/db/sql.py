# SPDX-License-Identifier: EUPL-1.2
"""Compile the .sql files below a folder into C: named queries and numbered migrations (see core/db/db.h, store.h).

usage: sql.py PATH FOLDER OUTPUT     writes OUTPUT.h and OUTPUT.c"""
import pathlib
import re
import sys


def c_string(text):
	lines = text.strip("\n").split("\n")
	return "\n".join('\t"' + line.replace("\\", "\\\\").replace('"', '\\"') + '\\n"' for line in lines)


def queries_of(path):
	"""Pairs (NAME, text). Text before the first name may only be comment."""
	parts = re.split(r"^-- name: *(\S+) *$", path.read_text(), flags=re.M)
	if re.sub(r"--.*", "", parts[0]).strip():
		sys.exit(f"{path}: a statement stands before the first '-- name: NAME'")
	for name, text in zip(parts[1::2], parts[2::2]):
		if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
			sys.exit(f"{path}: '{name}' is no name: use capitals, digits and _")
		text = re.sub(r"^\s*--.*\n?", "", text, flags=re.M).strip().rstrip(";")
		if not text or ";" in re.sub(r"'[^']*'", "", text):
			sys.exit(f"{path}: {name} must be exactly one statement")
		yield name, text


def main(root, folder, output):
	files = sorted(pathlib.Path(root).rglob("*.sql"))
	migrations = sorted((f for f in files if f.parent.name == "migrations"), key=lambda f: f.name)
	queries = [pair for f in files if f.parent.name != "migrations" for pair in queries_of(f)]
	for kind, names in (("query name", [q[0] for q in queries]), ("migration number", [f.name[:4] for f in migrations])):
		twice = sorted({n for n in names if names.count(n) > 1})
		if twice:
			sys.exit(f"{folder}: {kind} used twice: {', '.join(twice)}")
	for f in migrations:
		if not re.fullmatch(r"[0-9]{4}-[a-z0-9-]+\.sql", f.name):
			sys.exit(f"{f}: a migration is named NNNN-name.sql")

	header = [f"/* Made by core/db/sql.py from the .sql files of {folder}/. */", "#pragma once", '#include "core/db/store.h"', ""]
	header += [f"extern const char SQL_{name}[];" for name, _ in queries]
	header += [f"extern const store_migration {folder}_migrations[]; /* ends with number 0 */", ""]
	source = [f'#include "{folder}/sql.h"', ""]
	for name, text in queries:
		source += [f"const char SQL_{name}[] =", c_string(text) + ";"]
	source += [f"const store_migration {folder}_migrations[] = {{"]
	for f in migrations:
		source += [f'\t{{ {int(f.name[:4])}, "{f.stem[5:]}",', c_string(f.read_text()) + " },"]
	source += ["\t{ 0, NULL, NULL },", "};", ""]
	pathlib.Path(output).parent.mkdir(parents=True, exist_ok=True)
	pathlib.Path(output + ".h").write_text("\n".join(header))
	pathlib.Path(output + ".c").write_text("\n".join(source))


main(*sys.argv[1:])
