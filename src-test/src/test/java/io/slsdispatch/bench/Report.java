package io.slsdispatch.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects what the benchmarks find, prints it as it comes, and writes it to a file. */
final class Report {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String ROW = "  %-13s %-8s %-9s %6s %4s %18s %18s %8s %6s %7s %6s %6s %7s %7s %7s %7s %7s%n";

    private final PrintStream out;
    private final Traffic.Prices prices;
    private final List<Row> rows = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();

    Report(PrintStream out, Traffic.Prices prices) {
        this.out = out;
        this.prices = prices;
        out.printf(
                "%s, %d processors, Java %s%n",
                System.getProperty("os.name"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"));
    }

    /** Says which benchmark comes now. */
    void begin(String bench, String what) {
        out.printf("%n%s: %s%n", bench, what);
    }

    void tableHead() {
        out.printf(
                ROW,
                "subject",
                "profile",
                "exchange",
                "shards",
                "par.",
                "MB/CPU-s (range)",
                "MB/s (range)",
                "RSS MiB",
                "bound",
                "alloc",
                "GC %",
                "JIT %",
                "server",
                "in",
                "out",
                "req/GB",
                "USD/TB");
    }

    void add(Row row) {
        rows.add(row);
        out.printf(
                ROW,
                row.subject(),
                row.profile().text(),
                row.exchange(),
                row.shards(),
                row.parallelism(),
                row.result().mbPerCpuSecond(),
                row.result().mbPerSecond(),
                number(row.peakRssMb()),
                number(row.memoryBoundMb()),
                number(row.result().allocatedPerMb()),
                number(row.result().gcShare() * 100),
                number(row.result().compilerShare() * 100),
                number(row.result().serverCpu()),
                number(row.result().traffic().wireIn()),
                number(row.result().traffic().wireOut()),
                number(row.result().traffic().requestsPerGigabyte()),
                number(row.result().traffic().usdPerTerabyte(prices)));
    }

    void add(Figure figure) {
        figures.add(figure);
        print(figure);
    }

    private void print(Figure figure) {
        out.printf(
                "  %-66s %10s %-12s %-10s %s%n",
                figure.name(),
                number(figure.value()),
                figure.unit(),
                figure.goal().text(),
                figure.verdict());
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }

    /** All goals together, once more. */
    void printGoals() {
        out.printf("%nGoals%n");
        figures.stream().filter(Figure::hasGoal).forEach(this::print);
    }

    void write(Path file, double seconds) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("at", Instant.now().toString());
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("java", System.getProperty("java.version"));
        json.put("seconds", Math.round(seconds));
        ObjectNode priceNode = json.putObject("prices");
        priceNode.put("usdPerGb", prices.perGigabyte());
        priceNode.put("usdPerMillionRequests", prices.perMillionRequests());
        priceNode.put("usdPerCpuHour", prices.perCpuHour());
        ArrayNode rowNodes = json.putArray("rows");
        rows.forEach(row -> rowNodes.add(row.toJson(prices)));
        ArrayNode figureNodes = json.putArray("figures");
        figures.forEach(figure -> figureNodes.add(figure.toJson()));
        JSON.writeValue(file.toFile(), json);
    }

    /** With as many digits as say something. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
