"""The W3C's checker of HTML, run once over many pages. `./go test` fetches it into .tools/vnu; it needs Java."""

import json
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

JAR = Path(__file__).parent.parent / ".tools" / "vnu" / "vnu.jar"


class CheckerMissing(Exception):
    """The checker or Java is not there; the text says how to get it."""


def check(pages: dict[str, bytes], folder: Path) -> dict[str, list[str]]:
    """What the checker calls an error, each with the names of the pages that have it. One process checks all."""
    if not JAR.exists():
        raise CheckerMissing(f"{JAR} is not there. `./go test` fetches it; run the tests by that once.")
    if not (java := shutil.which("java")):
        raise CheckerMissing("There is no java. Install it: sudo apt-get install -y default-jre-headless")
    names = {}
    for number, (name, content) in enumerate(pages.items()):
        path = folder / f"{number}.html"
        path.write_bytes(content)
        names[path.name] = name
    done = subprocess.run(
        [
            *(java, "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", str(JAR)),
            *(
                "--format",
                "json",
                "--exit-zero-always",
                "--stdout",
                "--skip-info-messages",
                "--no-langdetect",
                str(folder),
            ),
        ],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise CheckerMissing(f"The checker did not run: {done.stderr.decode()[-2000:]}")
    found = defaultdict(list)
    for message in json.loads(done.stdout)["messages"]:
        if message["type"] == "info":  # an opinion, such as on sections without a heading
            continue
        page = names[message["url"].rsplit("/", 1)[-1]] if "url" in message else "the checker"
        extract = " ".join(message.get("extract", "").split())
        found[f"{message['type']}: {message['message']} {extract}"].append(page)
    return dict(found)
