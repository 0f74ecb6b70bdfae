package io.slsdispatch.connector.record;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Serializer of {@link AddressedLogGroup}, version 1. Integers are big-endian, 4 bytes each:
 *
 * <pre>
 * logstore length, logstore (UTF-8) | group
 * ~problem length, problem (UTF-8) | group
 * </pre>
 *
 * <p>The group has the form of its own serializer, {@link RawLogGroupSerializer}.
 */
@Internal
public final class AddressedLogGroupSerializer extends ImmutableTypeSerializer<AddressedLogGroup> {

    private static final long serialVersionUID = 1L;

    private final TypeSerializer<RawLogGroup> groups;

    /** The last text: consecutive groups often have the same. Each copy of this object belongs to one thread. */
    private transient @Nullable LastText last;

    private record LastText(String text, byte[] bytes) {}

    public AddressedLogGroupSerializer() {
        this(new RawLogGroupSerializer());
    }

    AddressedLogGroupSerializer(TypeSerializer<RawLogGroup> groups) {
        this.groups = groups;
    }

    @Override
    public void serialize(AddressedLogGroup addressed, DataOutputView out) throws IOException {
        String logstore = addressed.logstore();
        byte[] text = encode(logstore == null ? String.valueOf(addressed.problem()) : logstore);
        out.writeInt(logstore == null ? ~text.length : text.length);
        out.write(text);
        groups.serialize(addressed.group(), out);
    }

    @Override
    public AddressedLogGroup deserialize(DataInputView in) throws IOException {
        int length = in.readInt();
        byte[] bytes = new byte[length < 0 ? ~length : length];
        in.readFully(bytes);
        String text = decode(bytes);
        RawLogGroup group = groups.deserialize(in);
        return length < 0 ? AddressedLogGroup.withProblem(text, group) : AddressedLogGroup.to(text, group);
    }

    private byte[] encode(String text) {
        LastText before = last;
        if (before == null || !before.text.equals(text)) {
            before = new LastText(text, text.getBytes(StandardCharsets.UTF_8));
            last = before;
        }
        return before.bytes;
    }

    private String decode(byte[] bytes) {
        LastText before = last;
        if (before == null || !Arrays.equals(before.bytes, bytes)) {
            before = new LastText(new String(bytes, StandardCharsets.UTF_8), bytes);
            last = before;
        }
        return before.text;
    }

    @Override
    public TypeSerializer<AddressedLogGroup> duplicate() {
        return new AddressedLogGroupSerializer(groups.duplicate());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressedLogGroupSerializer serializer && groups.equals(serializer.groups);
    }

    @Override
    public int hashCode() {
        return AddressedLogGroupSerializer.class.hashCode();
    }

    @Override
    public TypeSerializerSnapshot<AddressedLogGroup> snapshotConfiguration() {
        return new AddressedLogGroupSerializerSnapshot(groups);
    }
}
