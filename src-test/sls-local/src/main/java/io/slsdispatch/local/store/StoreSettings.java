package io.slsdispatch.local.store;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Settings of a store.
 *
 * @param clock source of the time
 * @param dataDirectory directory of the stored data; empty means in memory
 * @param maxBytes maximum bytes of stored groups; puts beyond it are refused
 * @param forgetSequencesOnReshard whether a split or merge forgets the sequence ids of the logstore; no client and no
 *     page of the service's documentation specifies whether it does
 */
public record StoreSettings(
        InstantSource clock, Optional<Path> dataDirectory, long maxBytes, boolean forgetSequencesOnReshard) {}
