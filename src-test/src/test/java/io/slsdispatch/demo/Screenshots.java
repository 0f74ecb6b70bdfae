package io.slsdispatch.demo;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slsdispatch.browser.Browser;
import io.slsdispatch.e2e.cluster.JavaProgram;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TakesScreenshot;
import org.openqa.selenium.WebDriver;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes the pictures that the README shows: runs the demo, opens the two pages that it names, and takes a picture of each
 * while logs flow and a shard has been split.
 */
@Command(name = "screenshots")
public final class Screenshots implements Callable<Integer> {

    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int WIDTH = 1200;
    private static final int FLINK_HEIGHT = 1100;
    /** Longer than it takes to see everything. The demo ends with this program. */
    private static final int DEMO_SECONDS = 60;

    private static final Pattern CONSOLE = Pattern.compile("SLS Local +(http\\S+)");
    private static final Pattern WEB_UI = Pattern.compile("Flink's web UI +(http\\S+)");

    @Option(names = "--job-jar", required = true)
    private Path jobJar;

    @Option(names = "--sls-local-jar", required = true)
    private Path slsLocalJar;

    @Option(names = "--directory", required = true, description = "for files that are not kept")
    private Path directory;

    @Option(names = "--images", required = true, description = "where the pictures go")
    private Path images;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Screenshots()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(directory);
        Path said = directory.resolve("demo.out");
        Files.deleteIfExists(said);
        try (JavaProgram demo = startDemo();
                Browser browser = Browser.open(directory, "the pictures of the README", WIDTH, FLINK_HEIGHT)) {
            URI console = address(demo, said, CONSOLE);
            URI webUi = address(demo, said, WEB_UI);
            shootConsole(browser, console);
            shootFlink(browser, webUi);
        }
        return 0;
    }

    private JavaProgram startDemo() {
        List<Path> classPath = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        List<String> opens = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .toList();
        List<String> options = new ArrayList<>(opens);
        options.add("-Xmx1g");
        options.add("-Dlog4j.configurationFile=classpath:demo-log4j2.properties");
        options.add("-Ddemo.directory=" + directory.toAbsolutePath());
        return JavaProgram.start(
                "demo",
                directory.toAbsolutePath(),
                options,
                classPath,
                List.of(
                        "io.slsdispatch.demo.Demo",
                        "--seconds",
                        Integer.toString(DEMO_SECONDS),
                        "--job-jar",
                        jobJar.toAbsolutePath().toString(),
                        "--sls-local-jar",
                        slsLocalJar.toAbsolutePath().toString(),
                        "--directory",
                        directory.toAbsolutePath().toString()));
    }

    /** What the demo says is the address of a page. */
    private static URI address(JavaProgram demo, Path said, Pattern line) {
        Matcher found = await("the demo's line for " + line)
                .atMost(LONG)
                .failFast("the demo has ended; see " + said, () -> !demo.isAlive())
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> line.matcher(Files.readString(said)), Matcher::find);
        return URI.create(found.group(1));
    }

    private void shootFlink(Browser browser, URI webUi) throws IOException {
        String job = await("a job of which every task runs")
                .atMost(LONG)
                .until(() -> runningJob(webUi), id -> !id.isEmpty());
        WebDriver driver = browser.driver();
        resize(browser, FLINK_HEIGHT);
        driver.get(webUi + "/#/job/running/" + job + "/overview");
        await("the job's graph, with numbers")
                .atMost(LONG)
                .until(
                        () -> driver.findElement(By.tagName("body")).getText(),
                        text -> text.contains("Backpressured") && text.contains("RUNNING") && text.contains(" MB"));
        save(driver, "flink-web-ui.png");
    }

    private static String runningJob(URI webUi) throws IOException {
        JsonNode jobs;
        try (InputStream answer = webUi.resolve("/jobs/overview").toURL().openStream()) {
            jobs = new ObjectMapper().readTree(answer);
        }
        for (JsonNode job : jobs.path("jobs")) {
            JsonNode tasks = job.path("tasks");
            if (tasks.path("running").asInt() > 0
                    && tasks.path("running").asInt() == tasks.path("total").asInt()) {
                return job.path("jid").asText();
            }
        }
        return "";
    }

    private void shootConsole(Browser browser, URI console) throws IOException {
        WebDriver driver = browser.driver();
        driver.get(console.toString());
        await("a shard that was split, and progress of the job")
                .atMost(LONG)
                .until(
                        () -> driver.findElement(By.tagName("body")).getText(),
                        text -> text.contains(", from 0")
                                && text.contains("sls-dispatch")
                                && !text.contains("nothing committed"));
        resize(browser, (int) number(browser, "document.documentElement.scrollHeight"));
        save(driver, "sls-local-console.png");
    }

    /** Gives the page this height; the window has a frame, too. */
    private static void resize(Browser browser, int height) {
        long frame = number(browser, "window.outerHeight - window.innerHeight");
        browser.driver().manage().window().setSize(new Dimension(WIDTH, height + (int) frame));
    }

    private static long number(Browser browser, String script) {
        return (Long) browser.evaluate(script);
    }

    private void save(WebDriver driver, String name) throws IOException {
        Files.write(images.resolve(name), ((TakesScreenshot) driver).getScreenshotAs(OutputType.BYTES));
        System.out.println("Written to " + images.resolve(name));
    }
}
