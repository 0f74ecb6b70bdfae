package io.slsdispatch.job.cli;

import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.TimeText;
import io.slsdispatch.job.redrive.Selection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How arguments are read that are more than text. */
final class Arguments {

    private Arguments() {}

    /** {@code PROJECT/LOGSTORE}. */
    static final class Logstore implements ITypeConverter<LogstoreId> {

        @Override
        public LogstoreId convert(String text) {
            int slash = text.indexOf('/');
            if (slash < 0) {
                throw new TypeConversionException("'" + text + "' is not PROJECT/LOGSTORE");
            }
            try {
                return new LogstoreId(text.substring(0, slash), text.substring(slash + 1));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** A moment, as in the configuration; UTC when it names no zone. */
    static final class Time implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return TimeText.parse(text).at(ZoneOffset.UTC);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Why a group became a dead letter. */
    static final class Reason implements ITypeConverter<Cause> {

        @Override
        public Cause convert(String text) {
            return Arrays.stream(Cause.values())
                    .filter(cause -> Selection.name(cause).equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is not 'rejected' or 'outage'"));
        }
    }
}
