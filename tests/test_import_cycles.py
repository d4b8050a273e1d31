"""No module imports itself by way of others; between rooms not even for annotations."""

from __future__ import annotations

import grimp
import networkx

PACKAGES = ("memlens", "ui", "resources")


def cycles(*, annotations: bool) -> list[set[str]]:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=not annotations)
    imports: networkx.DiGraph[str] = networkx.DiGraph()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            imports.add_edge(module, imported)
    return [found for found in networkx.strongly_connected_components(imports) if len(found) > 1]


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert cycles(annotations=False) == []


def test_no_rooms_need_each_other_even_for_annotations() -> None:
    between = [found for found in cycles(annotations=True) if len({room(m) for m in found}) > 1]
    assert between == []
