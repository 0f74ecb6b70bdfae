package io.slsdispatch.job.config;

import java.util.List;

/** A configuration that cannot be used. The message lists every mistake with its place, value and cure. */
public final class BadConfigurationException extends Exception {

    private static final long serialVersionUID = 1L;

    /** More would be read by nobody, and a log has room for other things. */
    private static final int SHOWN = 200;

    private final transient List<Mistake> mistakes;

    BadConfigurationException(List<Mistake> mistakes) {
        super(text(mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    private static String text(List<Mistake> mistakes) {
        StringBuilder text = new StringBuilder("The configuration has ")
                .append(mistakes.size())
                .append(mistakes.size() == 1 ? " mistake" : " mistakes")
                .append("; nothing was started.\n");
        mistakes.stream()
                .limit(SHOWN)
                .forEach(mistake -> text.append('\n').append(mistake).append('\n'));
        if (mistakes.size() > SHOWN) {
            text.append("\nand ").append(mistakes.size() - SHOWN).append(" more\n");
        }
        return text.toString();
    }

    /** The mistakes, in the order in which they were found. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
