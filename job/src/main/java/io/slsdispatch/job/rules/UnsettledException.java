package io.slsdispatch.job.rules;

import java.io.IOException;

/** A text that may be written just now: another reading must show that it is whole. */
public final class UnsettledException extends IOException {

    private static final long serialVersionUID = 1L;

    UnsettledException() {
        super("it changes while it is read. Write another file and rename it with 'mv', or end it with a line '...'");
    }
}
