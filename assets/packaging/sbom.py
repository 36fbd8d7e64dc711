#!/usr/bin/env python3
"""A CycloneDX 1.5 list of every crate in the program, from `cargo metadata`. Usage: sbom.py TARGET_TRIPLE > sbom.json"""
import json
import subprocess
import sys

target = sys.argv[1]
command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
metadata = json.loads(subprocess.check_output(command))
packages = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
root = metadata["resolve"]["root"]


def normal(node):
    """What the program is made of: dependencies that are neither of tests nor of build scripts alone."""
    return [one["pkg"] for one in node["deps"] if any(kind["kind"] is None for kind in one["dep_kinds"])]


seen, stack = set(), [root]
while stack:
    one = stack.pop()
    if one not in seen:
        seen.add(one)
        stack.extend(normal(nodes[one]))


def component(package):
    found = {
        "type": "library",
        "bom-ref": f"pkg:cargo/{package['name']}@{package['version']}",
        "name": package["name"],
        "version": package["version"],
        "purl": f"pkg:cargo/{package['name']}@{package['version']}",
    }
    if package.get("license"):
        found["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    return found


rest = sorted((packages[one] for one in seen if one != root), key=lambda one: (one["name"], one["version"]))
program = component(packages[root]) | {"type": "application"}
bom = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "version": 1,
    "metadata": {"component": program},
    "components": [component(one) for one in rest],
    "dependencies": [
        {
            "ref": component(packages[one])["bom-ref"],
            "dependsOn": sorted({component(packages[dep])["bom-ref"] for dep in normal(nodes[one])}),
        }
        for one in sorted(seen)
    ],
}
json.dump(bom, sys.stdout, indent=1)
sys.stdout.write("\n")
