package io.slsdispatch.local.wire;

import java.io.ByteArrayOutputStream;
import java.util.function.IntPredicate;

/** Copies serialized LogGroups without some of their fields, as a service that drops these would store them. */
public final class GroupFields {

    private static final int CATEGORY = 2;
    private static final int LAST_KNOWN = 6;

    private GroupFields() {}

    /** The group without its Category. */
    public static byte[] withoutCategory(byte[] group) {
        return keeping(group, field -> field != CATEGORY);
    }

    /** The group without fields that are in no schema. */
    public static byte[] withoutUnknown(byte[] group) {
        return keeping(group, field -> field <= LAST_KNOWN);
    }

    private static byte[] keeping(byte[] group, IntPredicate kept) {
        Fields fields = new Fields(group);
        ByteArrayOutputStream out = new ByteArrayOutputStream(group.length);
        while (fields.position() < group.length) {
            int begin = fields.position();
            int tag = fields.tag(group.length);
            fields.skip(tag, group.length);
            if (kept.test(tag >>> 3)) {
                out.write(group, begin, fields.position() - begin);
            }
        }
        return out.toByteArray();
    }
}
