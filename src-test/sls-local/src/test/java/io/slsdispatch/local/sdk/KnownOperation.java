package io.slsdispatch.local.sdk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * An operation that the official SDK {@code @alicloud/sls20201230} knows.
 *
 * @param support {@code served}, {@code partly} or {@code refused}
 * @param target path and query; placeholders are in braces
 */
record KnownOperation(String support, String name, String verb, String target) {

    private static final String TABLE = "operations.txt";

    /** All of them, from the table that is committed. */
    static List<KnownOperation> all() throws IOException {
        InputStream table = Objects.requireNonNull(KnownOperation.class.getResourceAsStream(TABLE), TABLE);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" +"))
                    .map(parts -> new KnownOperation(parts[0], parts[1], parts[2], parts[3]))
                    .toList();
        }
    }

    boolean isRefused() {
        return support.equals("refused");
    }

    /** As {@code operations.cjs} prints it. */
    String line() {
        return name + " " + verb + " " + target;
    }
}
