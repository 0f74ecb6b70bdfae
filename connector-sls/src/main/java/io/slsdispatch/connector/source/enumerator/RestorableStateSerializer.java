package io.slsdispatch.connector.source.enumerator;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The {@link EnumeratorStateSerializer} as Flink is given it: state that cannot be read is told of when the enumerator is
 * started, since Flink loses a failure that comes earlier (see {@link FailingEnumerator}).
 */
public final class RestorableStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {

    private final EnumeratorStateSerializer serializer = new EnumeratorStateSerializer();

    @Override
    public int getVersion() {
        return serializer.getVersion();
    }

    @Override
    public byte[] serialize(EnumeratorState state) throws IOException {
        return serializer.serialize(state);
    }

    @Override
    public EnumeratorState deserialize(int version, byte[] bytes) {
        try {
            return serializer.deserialize(version, bytes);
        } catch (IOException e) {
            return new UnreadableState(e);
        }
    }
}
