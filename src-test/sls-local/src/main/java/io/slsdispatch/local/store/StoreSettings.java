package io.slsdispatch.local.store;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How a store behaves.
 *
 * @param clock tells the time
 * @param dataDirectory where it is kept; empty means in memory
 * @param maxBytes most bytes of groups that are kept; puts beyond that are refused
 * @param forgetSequencesOnReshard whether a split or merge forgets the sequence ids of the logstore, which is one of the
 *     two answers to a question that no client and no page answers
 */
public record StoreSettings(
        InstantSource clock, Optional<Path> dataDirectory, long maxBytes, boolean forgetSequencesOnReshard) {}
