#!/usr/bin/env bash
# Checks an opened bundle with tools that know nothing of Veil: bagit-python,
# frictionless, roc-validator, pyarrow, pandas and DuckDB, from PyPI.
#
#   bundle.sh BUNDLE
#
# The bundle is only read. The tools go into a virtual environment of their own
# (in VEIL_VENV when that is set, and then stay there).
set -euo pipefail

if [ $# -ne 1 ] || [ ! -f "$1/bagit.txt" ]; then
  echo "usage: bundle.sh BUNDLE, the folder of an opened bundle (with bagit.txt in it)" >&2
  exit 2
fi
bundle=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${VEIL_VENV:-$work/venv}

say() { printf -- '-- %s\n' "$*"; }

say "installing the tools"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check \
  bagit==1.9.0 'frictionless[parquet]==5.21.0' roc-validator==0.13.0 rocrate==0.16.0 pandas==3.1.1 pyarrow==26.0.1 duckdb==2.0.1
python=$venv/bin/python

say "bagit-python: the bag is complete and valid (RFC 8493)"
"$venv/bin/bagit.py" --validate --quiet "$bundle"

say "frictionless: the data package, and every row by its schema, keys and foreign keys"
"$python" - "$bundle/data" <<'PYTHON'
import hashlib, json, os, sys
import pyarrow.parquet as pq
from frictionless import Package, Resource

data = sys.argv[1]
with open(os.path.join(data, "datapackage.json"), encoding="utf-8") as f:
    described = json.load(f)

# The descriptor as it is.
report = Package.validate_descriptor(os.path.join(data, "datapackage.json"))
assert report.valid, report.flatten(["type", "message"])

# Every file is described by its size and digest; frictionless does so for a
# resource that is one file, and a table may be several.
def check(path, size, digest):
    with open(os.path.join(data, path), "rb") as f:
        content = f.read()
    assert len(content) == size, f"{path}: {len(content)} bytes, described as {size}"
    assert "sha256:" + hashlib.sha256(content).hexdigest() == digest, f"{path}: not the described digest"

described_files = set()
resources = []
for r in described["resources"]:
    if r.get("type") != "table":
        check(r["path"], r["bytes"], r["hash"])
        described_files.add(r["path"])
        resources.append(Resource.from_descriptor(r, basepath=data))
        continue
    for part in r.get("parts", []):
        check(part["path"], part["bytes"], part["hash"])
        described_files.add(part["path"])
    assert [p["path"] for p in r.get("parts", [])] == r.get("path", []), r["name"]
    # frictionless 5 reads the first file of a Parquet resource alone, and takes
    # neither a list nor a nullable integer for what it is, since it goes
    # through pandas. So it is given the rows of the whole folder by pyarrow.
    rows = pq.read_table(os.path.join(data, "tables", r["name"])).to_pylist() if "path" in r else []
    names = [f["name"] for f in r["schema"]["fields"]]
    if "path" in r:
        assert pq.read_table(os.path.join(data, "tables", r["name"])).column_names == names, r["name"]
    inline = {k: v for k, v in r.items() if k in ("name", "type", "schema")}
    inline["data"] = [names] + [[row[n] for n in names] for row in rows]
    resources.append(Resource.from_descriptor(inline))
    print(f"   {r['name']}: {len(rows)} rows")

report = Package(name=described["name"], resources=resources, basepath=data).validate()
assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "type"])[:20]

there = {os.path.relpath(os.path.join(d, f), data).replace(os.sep, "/") for d, _, files in os.walk(data) for f in files}
extra = there - described_files - {"README.md", "datapackage.json", "dictionary.csv", "ro-crate-metadata.json"}
assert not extra, f"{len(extra)} files that the data package does not describe"
PYTHON

say "roc-validator: the crate meets every requirement of RO-Crate 1.2"
# The validator asks the net for the JSON-LD context. Its cache is given the one
# that the rocrate library brings along instead: that of RO-Crate 1.3, which has
# every term of 1.2.
"$python" - "$work/http" https://w3id.org/ro/crate/1.2/context <<'PYTHON'
import importlib.resources, io, sys
import requests, urllib3
from requests_cache import CachedSession

class Shipped(requests.adapters.HTTPAdapter):
    def send(self, request, **_):
        context = (importlib.resources.files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()
        raw = urllib3.HTTPResponse(body=io.BytesIO(context), status=200, preload_content=False,
                                   request_url=request.url, headers={"Content-Type": "application/ld+json"})
        return self.build_response(request, raw)

with CachedSession(sys.argv[1], backend="sqlite", expire_after=-1) as session:
    session.mount("https://", Shipped())
    session.get(sys.argv[2])
PYTHON
if ! "$venv/bin/rocrate-validator" --no-interactive --disable-color validate --offline --cache-path "$work/http" \
  --profile-identifier ro-crate-1.2 --requirement-severity required --no-paging --verbose "$bundle/data" > "$work/crate" 2>&1; then
  cat "$work/crate"
  exit 1
fi
grep -q 'is a valid ro-crate-1.2' "$work/crate" || { cat "$work/crate"; exit 1; }

say "rocrate: the crate loads, and names every file there is"
"$python" - "$bundle/data" <<'PYTHON'
import os, sys
from rocrate.rocrate import ROCrate

data = sys.argv[1]
crate = ROCrate(data)
assert crate.root_dataset["datePublished"] and crate.license
named = {e.id for e in crate.data_entities if "File" in e.type}
there = {os.path.relpath(os.path.join(d, f), data).replace(os.sep, "/") for d, _, files in os.walk(data) for f in files}
assert named == there - {"ro-crate-metadata.json"}, f"{len(named ^ there) - 1} files are named and not there, or the other way round"
PYTHON

say "pandas and DuckDB: each folder is one table, and both read the same"
"$python" - "$bundle/data" <<'PYTHON'
import csv, hashlib, json, os, re, subprocess, sys
import duckdb, pandas as pd

data = sys.argv[1]
os.chdir(data)
dictionary = {}
with open("dictionary.csv", encoding="utf-8", newline="") as f:
    for line in csv.DictReader(f):
        if "." not in line["column"]:
            dictionary.setdefault(line["table"], []).append(line["column"])
assert len(dictionary) == 5, list(dictionary)

tables = [t for t in dictionary if os.path.isdir(f"tables/{t}")]
db = duckdb.connect()
for t in tables:
    frame = pd.read_parquet(f"tables/{t}")
    quacks = db.sql(f"SELECT * FROM read_parquet('tables/{t}/*.parquet')")
    assert list(frame.columns) == dictionary[t] == quacks.columns, t
    rows = quacks.fetchall()
    assert len(frame) == len(rows), t
    for name, at in [(c, i) for i, c in enumerate(dictionary[t]) if isinstance(frame[c].dtype, pd.StringDtype)]:
        mine = [None if pd.isna(v) else v for v in frame[name]]
        assert sorted(map(str, mine)) == sorted(str(r[at]) for r in rows), f"{t}.{name}"
    print(f"   {t}: {len(frame)} rows")

# Redactions stand where they say, in Python's and DuckDB's way of counting.
places = 0
for t, text, lists in [("utterances", "text", "redactions"), ("messages", "text", "redactions"), ("messages", "quoted", "quoted_redactions")]:
    if t not in tables:
        continue
    frame = pd.read_parquet(f"tables/{t}")
    for said, removed in zip(frame[text], frame[lists]):
        for r in removed:
            at = said[r["start"]:r["end"]]
            assert at and (at == f"[{r['label']}]" or not at.startswith("[")), f"{t}: a place does not hold its label"
            places += 1
    apart = db.sql(f"""SELECT count(*) FROM (SELECT {text} AS t, unnest({lists}) AS r FROM read_parquet('tables/{t}/*.parquet'))
                       WHERE substring(t, r.start + 1, r."end" - r.start) <> '[' || r.label || ']'
                         AND starts_with(substring(t, r.start + 1, r."end" - r.start), '[')""").fetchall()[0][0]
    assert apart == 0, f"{t}: {apart} places do not hold their label in DuckDB"
print(f"   {places} places of redactions")

if "audio" in tables:
    for path, digest in pd.read_parquet("tables/audio")[["path", "sha256"]].itertuples(index=False):
        with open(path, "rb") as f:
            assert hashlib.sha256(f.read()).hexdigest() == digest, "a sound file is not the one in table audio"

# What README.md tells to type works as it stands there.
with open("README.md", encoding="utf-8") as f:
    readme = f.read()
blocks = {language: text for language, text in re.findall(r"```(\w+)\n(.*?)```", readme, re.S)}
assert set(blocks) == {"python", "r", "sql"}, list(blocks)
if tables:
    subprocess.run([sys.executable, "-B", "-c", blocks["python"]], check=True)
    db.execute(blocks["sql"])
PYTHON

if command -v Rscript > /dev/null && Rscript -e 'quit(status = !requireNamespace("arrow", quietly = TRUE))' > /dev/null 2>&1; then
  say "R arrow: what README.md tells to type"
  (cd "$bundle/data" && awk '/^```r$/ { inside = 1; next } /^```/ { inside = 0 } inside' README.md | Rscript --vanilla -)
else
  say "R arrow: not checked, R with arrow is not installed"
fi

say "the bundle is still valid"
"$venv/bin/bagit.py" --validate --quiet "$bundle"
