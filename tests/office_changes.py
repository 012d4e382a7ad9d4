"""
Let LibreOffice accept and reject all tracked changes; run by the Python that LibreOffice brings.

The arguments are the program, a folder for its profile, and Word files; beside each of them is
written what is left: `.accepted.docx` and `.rejected.docx`.
"""

import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

ORDERS = {"accepted": ".uno:AcceptAllTrackedChanges", "rejected": ".uno:RejectAllTrackedChanges"}
SECONDS = 60


def value(name, found):
    return PropertyValue(name, 0, found, 0)


def connected(pipe):
    context = uno.getComponentContext()
    manager = context.ServiceManager
    resolver = manager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    until = time.monotonic() + SECONDS
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def settle(context, path, name):
    make = context.ServiceManager.createInstanceWithContext
    desktop = make("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (value("Hidden", True),))
    frame = document.CurrentController.Frame
    dispatcher = make("com.sun.star.frame.DispatchHelper", context)
    dispatcher.executeDispatch(frame, ORDERS[name], "", 0, ())
    target = path.with_name(f"{path.stem}.{name}.docx")
    document.storeToURL(target.as_uri(), (value("FilterName", "MS Word 2007 XML"),))
    document.close(True)


def main(program, profile, *files):
    pipe = f"changes-{Path(profile).name}"
    command = [program, "--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
    office = subprocess.Popen([*command, f"-env:UserInstallation={Path(profile).as_uri()}"])
    try:
        context = connected(pipe)
        for path in map(Path, files):
            for name in ORDERS:
                settle(context, path.resolve(), name)
        desktop = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", context
        )
        desktop.terminate()
    finally:
        try:
            office.wait(SECONDS)
        except subprocess.TimeoutExpired:
            office.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
