package io.slsdispatch.connector.model;

import java.io.Serializable;
import java.util.regex.Pattern;
import org.apache.flink.annotation.PublicEvolving;

/**
 * One logstore of one project. The names follow the rules of the service; an invalid name is rejected here, before any
 * request uses it.
 *
 * @param project 3 to 63 characters of {@code a-z}, {@code 0-9} and {@code -}, beginning and ending with a letter or
 *     digit; it becomes a part of the host name of every request
 * @param logstore 2 to 63 characters of {@code a-z}, {@code 0-9}, {@code -} and {@code _}, beginning and ending with a
 *     letter or digit
 */
@PublicEvolving
public record LogstoreId(String project, String logstore) implements Serializable {

    private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");
    private static final Pattern LOGSTORE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,61}[a-z0-9]");

    public LogstoreId {
        if (!isProjectName(project)) {
            throw new IllegalArgumentException("project name '" + project
                    + "' is not valid: expected 3 to 63 of a-z, 0-9 and '-', first and last a letter or digit");
        }
        if (!isLogstoreName(logstore)) {
            throw new IllegalArgumentException("logstore name '" + logstore
                    + "' is not valid: expected 2 to 63 of a-z, 0-9, '-' and '_', first and last a letter or digit");
        }
    }

    /** Whether the service accepts this as the name of a project. */
    public static boolean isProjectName(String name) {
        return PROJECT.matcher(name).matches();
    }

    /** Whether the service accepts this as the name of a logstore. */
    public static boolean isLogstoreName(String name) {
        return LOGSTORE.matcher(name).matches();
    }

    /** {@code project/logstore}, for messages. */
    @Override
    public String toString() {
        return project + "/" + logstore;
    }
}
