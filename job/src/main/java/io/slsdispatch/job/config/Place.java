package io.slsdispatch.job.config;

/**
 * Where something was written.
 *
 * @param path of keys and list places from the top, such as {@code targets[2].logstore}; empty for the top itself
 * @param where {@code file:line:column}, or the name of an environment variable
 */
public record Place(String path, String where) {

    /** A place below this one. */
    Place child(String key, String childWhere) {
        return new Place(path.isEmpty() ? key : path + "." + key, childWhere);
    }

    /** A place in the list that is here, counted from 0. */
    Place item(int index, String itemWhere) {
        return new Place(path + "[" + index + "]", itemWhere);
    }

    /** A key that is missing here. */
    Place missing(String key) {
        return child(key, where);
    }

    @Override
    public String toString() {
        return path.isEmpty() ? where : where + "  " + path;
    }
}
