"""Chromium under WebDriver: where it is, how it is started, what it tells."""

import json
import re
import shutil
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

PROGRAMS = ["chromium", "chromium-browser", "google-chrome"]


def located():
    """The browser's and the driver's paths, or None."""
    browser = next(filter(None, map(shutil.which, PROGRAMS)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


def started(driver_log):
    """A driver of a new headless Chromium that finds no host but this machine's own address."""
    browser, driver = located()
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
        "--window-size=1280,800",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        # What Chromium asks for by itself is no request of the page, and is not wanted either.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]:
        options.add_argument(argument)
    options.add_experimental_option("perfLoggingPrefs", {"enableNetwork": True, "enablePage": False})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # With both paths given Selenium looks for no driver of its own.
    return webdriver.Chrome(options=options, service=Service(executable_path=driver, log_output=str(driver_log)))


def complaints(driver, allowed=()):
    """What stands in the console since the last time, less what may stand there."""
    lines = [f"{entry['level']} {entry['message']}" for entry in driver.get_log("browser")]
    return [line for line in lines if not any(re.search(pattern, line) for pattern in allowed)]


def requests(driver):
    """Every address that was asked for since the last time."""
    asked = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.append(message["params"]["request"]["url"])
        if message["method"] == "Network.webSocketCreated":
            asked.append(message["params"]["url"])
    return asked


def outside(addresses, origins):
    """Those that lead off the server."""
    def is_inside(address):
        parts = urlsplit(address)
        return parts.scheme in ("data", "blob", "about") or f"{parts.scheme}://{parts.netloc}" in origins

    return [address for address in addresses if not is_inside(address)]
