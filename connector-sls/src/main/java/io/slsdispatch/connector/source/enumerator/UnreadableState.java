package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import java.io.IOException;
import java.util.List;

/** Stands for state that cannot be read, until an enumerator is to be made of it; fits no configuration. */
final class UnreadableState extends EnumeratorState {

    private final IOException reason;

    UnreadableState(IOException reason) {
        super(
                new LogstoreId("unreadable", "unreadable"),
                new StoppingPosition.Never(),
                false,
                List.of(),
                new FinishedShards(),
                null,
                StopNowCutoff.NONE);
        this.reason = reason;
    }

    @Override
    void checkFits(SourceConfig config) {
        throw new IllegalStateException(reason.getMessage(), reason);
    }
}
