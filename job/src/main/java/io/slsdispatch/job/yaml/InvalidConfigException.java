package io.slsdispatch.job.yaml;

import java.util.List;

/** Thrown for a configuration that cannot be used. The message lists every error with its location, value and hint. */
public final class InvalidConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    /** More errors would not be read, and a log needs space for other messages. */
    private static final int SHOWN = 200;

    private final transient List<ConfigError> errors;

    public InvalidConfigException(List<ConfigError> errors) {
        this(errors, "nothing was started");
    }

    /** @param consequence what was not done, to follow the number of errors */
    public InvalidConfigException(List<ConfigError> errors, String consequence) {
        super(text(errors, consequence));
        this.errors = List.copyOf(errors);
    }

    private static String text(List<ConfigError> errors, String consequence) {
        StringBuilder text = new StringBuilder("The configuration has ")
                .append(errors.size())
                .append(errors.size() == 1 ? " error" : " errors")
                .append("; ")
                .append(consequence)
                .append(".\n");
        errors.stream()
                .limit(SHOWN)
                .forEach(error -> text.append('\n').append(error).append('\n'));
        if (errors.size() > SHOWN) {
            text.append("\nand ").append(errors.size() - SHOWN).append(" more\n");
        }
        return text.toString();
    }

    /** The errors, in the order in which they were found. */
    public List<ConfigError> errors() {
        return errors;
    }
}
