package io.slsdispatch.job.rules;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.EscapedUtf8;
import io.slsdispatch.connector.wire.FieldCursor;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The source and the tags of a log group, which it parses lazily at the first call.
 *
 * <p>Holds one group at a time. Not thread-safe.
 */
public final class GroupLabels {

    private record Tag(String key, String value) {}

    private final FieldCursor fields = new FieldCursor();
    private final FieldCursor tagFields = new FieldCursor();
    private final List<Tag> tags = new ArrayList<>();
    private @Nullable RawLogGroup group;
    private String source = "";
    private boolean walked;

    /** Switches to another group. */
    public void reset(RawLogGroup next) {
        group = next;
        walked = false;
    }

    /** The source; empty when the group has none. When it occurs twice, the last one counts. */
    public String source() throws MalformedLogGroupException {
        walk();
        return source;
    }

    /** Whether at least one tag with this key has a value that matches. */
    boolean hasTag(String key, TextMatch value) throws MalformedLogGroupException {
        walk();
        for (Tag tag : tags) {
            if (tag.key.equals(key) && value.matches(tag.value)) {
                return true;
            }
        }
        return false;
    }

    /** The values of the tags with this key, in the order of the group; empty when there is none. */
    public List<String> tagValues(String key) throws MalformedLogGroupException {
        walk();
        return tags.stream().filter(tag -> tag.key.equals(key)).map(Tag::value).toList();
    }

    private void walk() throws MalformedLogGroupException {
        RawLogGroup current = group;
        if (current == null) {
            throw new IllegalStateException("reset() must be called first");
        }
        if (walked) {
            return;
        }
        source = "";
        tags.clear();
        ByteSlice bytes = current.bytes();
        byte[] array = bytes.array();
        fields.reset(array, bytes.offset(), bytes.length());
        while (fields.next()) {
            if (fields.isBytes(LogGroupFields.SOURCE)) {
                source = EscapedUtf8.decode(array, fields.valueOffset(), fields.valueLength());
            } else if (fields.isBytes(LogGroupFields.TAGS)) {
                tags.add(tag(array, fields.valueOffset(), fields.valueLength()));
            }
        }
        walked = true;
    }

    private Tag tag(byte[] array, int offset, int length) throws MalformedLogGroupException {
        String key = "";
        String value = "";
        tagFields.reset(array, offset, length);
        while (tagFields.next()) {
            if (tagFields.isBytes(LogGroupFields.TAG_KEY)) {
                key = EscapedUtf8.decode(array, tagFields.valueOffset(), tagFields.valueLength());
            } else if (tagFields.isBytes(LogGroupFields.TAG_VALUE)) {
                value = EscapedUtf8.decode(array, tagFields.valueOffset(), tagFields.valueLength());
            }
        }
        return new Tag(key, value);
    }
}
