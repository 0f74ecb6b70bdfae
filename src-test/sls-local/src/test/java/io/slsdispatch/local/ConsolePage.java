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

    /** The rows of the table of a name, each by the heads of its columns; none where there is no such table. */
    List<Map<String, String>> table(String name) {
        return undisturbed(() -> readTable(name));
    }

    private List<Map<String, String>> readTable(String name) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (WebElement table : driver.findElements(tableOf(name))) {
            List<String> heads = texts(table, "thead th");
            for (WebElement row : table.findElements(By.cssSelector("tbody tr"))) {
                List<String> cells = texts(row, "td");
                if (cells.size() > heads.size()) {
                    throw new StaleElementReferenceException("the table was drawn between its heads and its rows");
                }
                Map<String, String> byHead = new LinkedHashMap<>();
                for (int i = 0; i < cells.size(); i++) {
                    byHead.put(heads.get(i), cells.get(i));
                }
                rows.add(byHead);
            }
        }
        return rows;
    }

    /** How many rows the table of a name shows. */
    int rows(String name) {
        return driver.findElements(By.cssSelector("table[aria-label='" + name + "'] tbody tr"))
                .size();
    }

    private static By tableOf(String name) {
        return By.cssSelector("table[aria-label='" + name + "']");
    }

    /** The bars that show the key ranges in the table of a name, as the page draws them. */
    List<KeyBar> keyBars(String name) {
        return undisturbed(() -> driver.findElement(tableOf(name)).findElements(By.className("ring")).stream()
                .map(KeyBar::of)
                .toList());
    }

    /** What the folded part of a name shows of itself, in its columns. */
    List<String> summaryOf(String name) {
        return undisturbed(() -> texts(part(name), "summary > span:not(.name)"));
    }

    /** Opens the folded part of a name, or closes it. */
    void toggle(String name) {
        part(name).findElement(By.tagName("summary")).click();
    }

    private WebElement part(String name) {
        return driver.findElement(By.xpath("//details[summary/span[1][normalize-space()='%s']]".formatted(name)));
    }

    /** The newest groups of a logstore, as they are shown. */
    List<String> newestGroups(String name) {
        String each = "ol[aria-label='newest groups of " + name + "'] > li";
        return undisturbed(() -> texts(driver.findElement(By.tagName("body")), each));
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
        driver.findElement(By.xpath("//table[@aria-label='faults']//tr[td[1]='%s']//button".formatted(id)))
                .click();
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
