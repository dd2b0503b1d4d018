"""The page in a tab: what a test looks at and does. Every wait is for something to be the case."""

import base64
import time

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PATIENCE = 20


class Page:
    def __init__(self, driver, server):
        self.driver = driver
        self.server = server

    # Going somewhere

    def open(self, path, ready=None):
        """Loads an address of the server anew; `ready` is a selector of something that shall be there then."""
        self.driver.get(self.server.origin + path)
        if ready:
            self.find(ready)
        return self

    @property
    def address(self):
        return self.driver.current_url.removeprefix(self.server.origin)

    def size(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, name):
        """light or dark, as the system would say."""
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def cdp(self, method, **parameters):
        return self.driver.execute_cdp_cmd(method, parameters)

    # Looking

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, what, condition, patience=PATIENCE):
        """Until `condition()` is true; its value. `what` stands in the message of a failure."""
        end = time.monotonic() + patience
        last = None
        while time.monotonic() < end:
            try:
                if value := condition():
                    return value
            except StaleElementReferenceException as error:
                last = error
            time.sleep(0.03)
        raise AssertionError(f"not within {patience} s: {what} {last or ''}\nThe page says:\n{self.text('body')[:1500]}")

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def find(self, selector, patience=PATIENCE):
        return self.wait(f"an element {selector}", lambda: next(iter(self.all(selector)), None), patience)

    def text(self, selector):
        """The text of the first element, also where it is not shown."""
        return self.js("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def texts(self, selector):
        return self.js("return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)", selector)

    def says(self, selector, part, patience=PATIENCE):
        """Waits for a text in an element."""
        return self.wait(f"'{part}' in {selector}", lambda: part in self.text(selector) and self.text(selector), patience)

    def rows(self, selector):
        """Cells of a table's body, as texts; drawings in cells are empty."""
        return self.js(
            "return [...document.querySelectorAll(arguments[0] + ' tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent))",
            selector,
        )

    def table(self, caption):
        """Cells of the table with that caption, also where it stands behind a disclosure."""
        def look():
            return self.js(
                """for (const one of document.querySelectorAll("details.behind:not([open])")) {
                     if (/^(As a table|All of them)$/.test(one.querySelector("summary").textContent)) one.open = true;
                   }
                   const all = [...document.querySelectorAll("table")].filter((one) => one.caption?.textContent.startsWith(arguments[0]));
                   return all.length ? [...all.at(-1).tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)) : null;""",
                caption,
            )

        # A disclosure makes its table when it is opened, which it hears of a moment later.
        self.wait(f"a table '{caption}'", look)
        self.settle()
        return look()

    def tip(self):
        """Lines of the tooltip; none where none is shown."""
        return self.js("const tip = document.getElementById('tip'); return tip.hidden ? [] : [...tip.children].map((one) => one.textContent)")

    # Doing

    def labelled(self, label, kind="input, select, textarea, button"):
        """The control whose accessible name is or begins with that."""
        def look():
            return next((one for one in self.all(kind) if one.is_displayed() and (one.accessible_name or "").startswith(label)), None)

        return self.wait(f"a control '{label}'", look)

    def choose(self, group, name):
        """A choice of those that stand side by side."""
        self.js(
            """const group = [...document.querySelectorAll("[role=radiogroup]")].find((one) => one.ariaLabel === arguments[0]);
               [...group.querySelectorAll("label")].find((one) => one.textContent === arguments[1]).querySelector("input").click();""",
            group, name,
        )

    def pick(self, label, value):
        """An entry of a menu, by its value."""
        self.js(
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', { bubbles: true }));",
            self.labelled(label, "select"), value,
        )

    def enter(self, label, value):
        """A value in a field, settled by Enter."""
        field = self.labelled(label, "input, textarea")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(Keys.BACKSPACE)
        field.send_keys(value, Keys.ENTER)

    def ask(self, prompt):
        """Types a prompt."""
        self.enter("Prompt", prompt)

    def press(self, *keys):
        """Keys to whatever has the focus."""
        ActionChains(self.driver, duration=0).send_keys(*keys).perform()

    def focused(self):
        """Name and label of what has the focus."""
        return self.js(
            "const one = document.activeElement; return [one.tagName.toLowerCase(), one.getAttribute('aria-label') ?? one.textContent.trim().slice(0, 60)]",
        )

    def click(self, element):
        element = self.find(element) if isinstance(element, str) else element
        self.js("arguments[0].scrollIntoView({ block: 'center' })", element)
        ActionChains(self.driver, duration=0).move_to_element(element).click().perform()

    def hover(self, element):
        element = self.find(element) if isinstance(element, str) else element
        self.js("arguments[0].scrollIntoView({ block: 'center' })", element)
        ActionChains(self.driver, duration=0).move_to_element(element).perform()

    def point(self, x, y, click=False):
        """The pointer to a place of the window."""
        actions = ActionChains(self.driver, duration=0)
        actions.w3c_actions.pointer_action.move_to_location(round(x), round(y))
        if click:
            actions.w3c_actions.pointer_action.click()
        actions.perform()

    def cell(self, row, column, which=0, click=False):
        """The pointer to a cell of a heatmap."""
        x, y = self.js(
            """const canvas = document.querySelectorAll(".heatmap")[arguments[2]];
               canvas.scrollIntoView({ block: "center" });
               const box = canvas.getBoundingClientRect();
               const { left, top, cell, high } = JSON.parse(canvas.dataset.layout);
               return [box.left + left + (arguments[1] + 0.5) * cell, box.top + top + (arguments[0] + 0.5) * high];""",
            row, column, which,
        )
        self.point(x, y, click)

    def shot(self, file, whole=True):
        """A picture of the window, or of all that can be scrolled to."""
        width, height = self.js("return [innerWidth, innerHeight]")
        if whole:
            self.size(width, min(5000, self.js("return Math.max(innerHeight, document.documentElement.scrollHeight)")))
            self.settle()
        file.write_bytes(base64.b64decode(self.driver.get_screenshot_as_base64()))
        if whole:
            self.size(width, height)

    def settle(self):
        """Two frames: what was to be drawn is."""
        self.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))")

    # Long work

    def done(self):
        """Waits until nothing on the page is busy."""
        self.wait(
            "the end of the work",
            lambda: self.js("return !document.querySelector('[aria-busy=true], .state.loading, .state.job') && !!document.querySelector('#main h1')"),
            60,
        )
        return self

    def works(self):
        """Ids of the long work that is on the page."""
        return self.js("return [...document.querySelectorAll('[data-work]')].map((one) => one.dataset.work)")

    def result(self, id):
        return self.server.api(f"/api/work/{id}/result")
