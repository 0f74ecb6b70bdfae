package io.slsdispatch.local;

import static org.awaitility.Awaitility.await;

import io.slsdispatch.browser.Browser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;

/** The console page as who looks at it sees and uses it. */
final class ConsolePage {

    private static final String TABLE_AFTER = "//h2[normalize-space()='%s']/following-sibling::*[1]";

    private final WebDriver driver;

    private ConsolePage(WebDriver driver) {
        this.driver = driver;
    }

    static ConsolePage open(Browser browser, SlsLocal server) {
        browser.driver().get(server.endpoint() + "/_local/");
        return new ConsolePage(browser.driver());
    }

    /** The line below the title. */
    String summary() {
        return text("#summary");
    }

    /** What the page says is wrong with what was asked of it last. */
    String problem() {
        return text("#problem");
    }

    private String text(String selector) {
        return driver.findElement(By.cssSelector(selector)).getText();
    }

    /** The rows of the table below a heading, each by the heads of its columns; of two that are alike the first. */
    List<Map<String, String>> table(String heading) {
        return undisturbed(() -> readTable(heading));
    }

    private List<Map<String, String>> readTable(String heading) {
        WebElement below = driver.findElement(By.xpath(TABLE_AFTER.formatted(heading)));
        List<String> heads = texts(below, "thead th");
        List<Map<String, String>> rows = new ArrayList<>();
        for (WebElement row : below.findElements(By.cssSelector("tbody tr"))) {
            List<String> cells = texts(row, "td");
            if (cells.size() > heads.size()) {
                throw new StaleElementReferenceException("the table was drawn between its heads and its rows");
            }
            Map<String, String> byHead = new LinkedHashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                byHead.putIfAbsent(heads.get(i), cells.get(i));
            }
            rows.add(byHead);
        }
        return rows;
    }

    /** The bars that show the key ranges below a heading, as the page draws them. */
    List<KeyBar> keyBars(String heading) {
        By table = By.xpath(TABLE_AFTER.formatted(heading));
        return undisturbed(() -> driver.findElement(table).findElements(By.className("ring")).stream()
                .map(KeyBar::of)
                .toList());
    }

    /** The page draws its tables anew whenever it likes: what is read meanwhile is read again. */
    private static <T> T undisturbed(Callable<T> reading) {
        return await("a reading while the page stays as it is")
                .atMost(Duration.ofMinutes(1))
                .ignoreException(StaleElementReferenceException.class)
                .until(reading, Objects::nonNull);
    }

    /**
     * A bar: what it says to who points at it, and where its filled part begins and ends, from 0 to 1.
     */
    record KeyBar(String range, double begin, double end) {

        private static KeyBar of(WebElement ring) {
            WebElement filled = ring.findElement(By.tagName("i"));
            double whole = ring.getRect().getWidth();
            double begin = (filled.getRect().getX() - ring.getRect().getX()) / whole;
            return new KeyBar(
                    ring.getDomAttribute("title"),
                    begin,
                    begin + filled.getRect().getWidth() / whole);
        }
    }

    void switchOn(String fault) {
        WebElement field = driver.findElement(By.id("fault"));
        field.clear();
        field.sendKeys(fault);
        driver.findElement(By.xpath("//button[.='Switch on']")).click();
    }

    /** Clicks the button of the row whose id this is. */
    void switchOff(String id) {
        driver.findElement(By.xpath("//tr[td[1]='%s']//button".formatted(id))).click();
    }

    void switchAllOff() {
        driver.findElement(By.xpath("//button[.='All off']")).click();
    }

    private static List<String> texts(WebElement within, String selector) {
        return within.findElements(By.cssSelector(selector)).stream()
                .map(WebElement::getText)
                .toList();
    }
}
