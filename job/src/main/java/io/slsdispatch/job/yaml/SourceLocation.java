package io.slsdispatch.job.yaml;

/**
 * Location of a value: a position in a file, or an environment variable.
 *
 * @param path path of keys and list indexes from the root, such as {@code targets[2].logstore}; empty for the root
 * @param where {@code file:line:column}, or the name of an environment variable
 */
public record SourceLocation(String path, String where) {

    /** The location of a key below this one. */
    public SourceLocation child(String key, String childWhere) {
        return new SourceLocation(path.isEmpty() ? key : path + "." + key, childWhere);
    }

    /** The location of an entry of the list that is here, counted from 0. */
    public SourceLocation item(int index, String itemWhere) {
        return new SourceLocation(path + "[" + index + "]", itemWhere);
    }

    /** The location of a key that is missing here. */
    public SourceLocation missing(String key) {
        return child(key, where);
    }

    @Override
    public String toString() {
        return path.isEmpty() ? where : where + "  " + path;
    }
}
