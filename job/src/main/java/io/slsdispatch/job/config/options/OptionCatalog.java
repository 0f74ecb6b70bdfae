package io.slsdispatch.job.config.options;

import io.slsdispatch.job.rules.RuleOptions;
import io.slsdispatch.job.yaml.Option;
import java.util.List;

/** Catalog of all options, for documentation and tests. */
public final class OptionCatalog {

    /**
     * The options of one part of the file.
     *
     * @param path of the section; {@code []} for each entry of a list
     * @param meaning description of the part
     */
    public record Part(String path, String meaning, List<Option<?>> options) {}

    public static final List<Part> PARTS = List.of(
            new Part("", "The top of the file", JobOptions.ALL),
            new Part("source", "What is read", SourceOptions.OWN),
            new Part(
                    "targets[]",
                    "What is written",
                    Option.all(
                            List.of(TargetOptions.NAME, TargetOptions.LOGSTORE, TargetOptions.DISTINCT_LOGSTORE),
                            TargetOptions.SHARED)),
            new Part(
                    "targets[] by template",
                    "What is written with a placeholder in 'logstore', in addition to the keys of targets[]",
                    TemplateOptions.ALL),
            new Part(
                    "source, targets[] or defaults",
                    "How to reach the service; 'defaults' also accepts the keys of targets[], except name, logstore and"
                            + " distinct-logstore",
                    ConnectionOptions.ALL),
            new Part("routes[]", "Which log group goes where", RuleOptions.RULE));

    private OptionCatalog() {}

    /** All options as Markdown tables, one for each part of the file. */
    public static String markdown() {
        StringBuilder text = new StringBuilder();
        for (Part part : PARTS) {
            String path = part.path.isEmpty() ? "" : " (`" + part.path + "`)";
            text.append("**").append(part.meaning).append("**").append(path).append("\n\n");
            text.append("| key | default | meaning |\n|---|---|---|\n");
            for (Option<?> option : part.options) {
                String defaultText =
                        option.defaultValue() == null ? option.defaultText() : "`" + option.defaultText() + "`";
                text.append("| `")
                        .append(option.key())
                        .append("` | ")
                        .append(cell(defaultText))
                        .append(" | ")
                        .append(cell(option.description()))
                        .append(" |\n");
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
