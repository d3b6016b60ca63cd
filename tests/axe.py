"""What axe finds on a page of a browser test."""

from typing import Any

ACCESSIBLE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
APPEARANCE = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
"""The rules of axe that depend on colours and sizes: all that another theme and another width can break."""

# Only the rule about sound asks for anything to be fetched; style sheets, which axe would parse again, none does.
_EVERYTHING = {
    "runOnly": {"type": "tag", "values": ACCESSIBLE},
    "preload": {"assets": ["media"]},
    "resultTypes": ["violations"],
}
_APPEARANCE = {"runOnly": {"type": "rule", "values": APPEARANCE}, "preload": False, "resultTypes": ["violations"]}

MARK_KINDS_OF_TEXT = """([within, known]) => {
    const kinds = new Set(known), chains = new Map(), digests = new Map();
    const compute = (text) => {
        let [one, two] = [1, 2];
        for (let place = 0; place < text.length; place++) {
            one = Math.imul(one ^ text.charCodeAt(place), 2654435761);
            two = Math.imul(two ^ text.charCodeAt(place), 1597334677);
        }
        return (one >>> 0) * 2 ** 20 + (two >>> 12);
    };
    const digest = (parts) => {
        const text = parts.join();
        if (!digests.has(text)) digests.set(text, compute(text));
        return digests.get(text);
    };
    const chainOf = (element) => {
        if (element === null) return "";
        if (!chains.has(element)) {
            const style = getComputedStyle(element);
            chains.set(element, digest([style.backgroundColor, style.backgroundImage, style.opacity, style.position,
                style.filter, style.visibility, style.mixBlendMode, style.clipPath, chainOf(element.parentElement)]));
        }
        return chains.get(element);
    };
    const holding = new Map();
    const isPlaced = (element) => ["absolute", "fixed"].includes(getComputedStyle(element).position)
        && element.getBoundingClientRect().width > 1; // what only a screen reader sees covers nothing
    const holdsPlaced = (element) => {
        if (element === null) return false;
        if (!holding.has(element)) holding.set(element, [...element.children].some(isPlaced));
        return holding.get(element);
    };
    for (const element of document.querySelectorAll(`${within}, ${within} *`)) {
        const isSeen = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
        // Axe takes contrasts of neither: of no text, of what is not shown, and of the options of a list.
        const isExamined = element.checkVisibility() && element.localName !== "option"
            && (isSeen || element.matches("input, select, textarea"));
        if (!isExamined) {
            element.removeAttribute("data-kind-of-text");
            continue;
        }
        const style = getComputedStyle(element);
        const kind = digest([element.localName, element.disabled, element.ariaDisabled, style.color, style.fontSize,
            style.fontWeight, style.fontFamily, style.textShadow, chainOf(element)]);
        const isAlone = !kinds.has(kind) || holdsPlaced(element) || holdsPlaced(element.parentElement);
        element.toggleAttribute("data-kind-of-text", isAlone);
        if (isSeen) kinds.add(kind);
    }
    axe.configure({ rules: [{ id: "color-contrast", selector: "[data-kind-of-text]" }] });
    return [...kinds];
}"""
"""Let axe compute the contrast of one text of each kind: of the same colours and size on the same backgrounds.

A text is of no kind where something is placed over or under it. Axe spends most of its time on contrasts, and a table
of figures has thousands of them that are the same. Takes the kinds that are known, and returns those of the page, too.
"""

_KNOWN: set[int] = set()
"""The kinds of text of earlier pages, with nothing to complain of: the header, the menus and the footer are the same."""


def find_violations(page: Any, *, only_appearance: bool, within: str) -> list[str]:
    """Return what breaks WCAG 2.2 A or AA within an element of the page, each with the elements that do."""
    _load_axe(page)
    kinds = page.evaluate(MARK_KINDS_OF_TEXT, [within, list(_KNOWN)])
    run = "([within, options]) => axe.run(within, options).then(found => found.violations)"
    found = page.evaluate(run, [within, _APPEARANCE if only_appearance else _EVERYTHING])
    if not found:
        _KNOWN.update(kinds)
    return [f"{v['id']}: {v['help']}\n    {node['html'][:200]}" for v in found for node in v["nodes"]]


def _load_axe(page: Any) -> None:
    """Run axe's script in the page, unless it ran there.

    To send half a megabyte through the protocol takes four times as long as to run it: it is sent once for each session
    and stored there. What the protocol evaluates is not subject to the page's policy.
    """
    from axe_playwright_python.sync_playwright import Axe

    if page.evaluate("'axe' in window"):
        return
    expression = script = Axe().axe_script
    if page.url.startswith("http"):  # other pages cannot store anything
        expression = "(0, eval)(sessionStorage.axe)"
        if not page.evaluate("'axe' in sessionStorage"):
            page.evaluate("script => { sessionStorage.axe = script; }", script)
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": f"{expression}; undefined"})
    session.detach()
