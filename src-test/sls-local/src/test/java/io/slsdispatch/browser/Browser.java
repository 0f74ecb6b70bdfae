package io.slsdispatch.browser;

import io.slsdispatch.tools.Programs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Chromium without a window, driven through WebDriver. Where browser and driver are is told to Selenium, which otherwise
 * would look for them on the Internet. Both end when this is closed.
 */
public final class Browser implements AutoCloseable {

    private static final List<String> CHROMIUM = List.of("chromium", "chromium-browser", "google-chrome");
    private static final List<String> DRIVER = List.of("chromedriver");

    /** Warns of each browser that is newer than itself. Held, since a logger that nobody holds forgets its level. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    static {
        SELENIUM.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /**
     * Starts a browser; ends the test without a result where there is none.
     *
     * @param folder for its profile and what its driver says
     * @param tested what is not tested without a browser
     * @param width of the page in pixels
     */
    public static Browser open(Path folder, String tested, int width, int height) {
        Path chromium = Programs.need(CHROMIUM, tested, "chromium");
        Path driver = Programs.need(DRIVER, tested, "chromium-driver");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.toFile())
                .usingAnyFreePort()
                .withLogFile(folder.resolve("chromedriver.log").toFile())
                .build();
        LoggingPreferences logged = new LoggingPreferences();
        logged.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.setCapability(ChromeOptions.LOGGING_PREFS, logged);
        options.addArguments(
                "--headless=new",
                // Its sandbox does not work for root, nor in most containers. Only pages of this machine are opened.
                "--no-sandbox",
                // The shared memory of containers is small.
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-proxy-server",
                "--force-color-profile=srgb",
                "--hide-scrollbars",
                "--window-size=" + width + "," + height,
                "--user-data-dir=" + folder.resolve("profile"));
        return new Browser(new ChromeDriver(service, options));
    }

    /** The browser as Selenium has it. */
    public WebDriver driver() {
        return driver;
    }

    /** What a script that runs in the page returns. */
    public Object evaluate(String script) {
        return driver.executeScript("return " + script);
    }

    /** How the page is shown from now on: the size of the screen in pixels, and whether its user prefers dark colours. */
    public void show(int width, int height, boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** What the page, or the browser about it, has complained of since the last call: errors of scripts, what was not found. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
