package io.slsdispatch.job.output;

import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text table whose columns are as wide as their content. Each cell is on one line; control characters in it are
 * escaped.
 */
public final class TextTable {

    /** A cell may list the conditions of a rule. */
    private static final int MAX_CELL = 10_000;

    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... header) {
        rows.add(List.of(header));
    }

    public void add(String... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> ForeignText.name(cell, Secrets.NONE, MAX_CELL))
                .toList());
    }

    /** The lines of the table, each indented. */
    public String text(String indent) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int column = 0; column < widths.length; column++) {
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(widths[column] - cell.length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
