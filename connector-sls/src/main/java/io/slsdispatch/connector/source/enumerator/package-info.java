/**
 * Runs once per source, in the JobManager: finds shards, decides which is read when and by which reader, and keeps in
 * state which exist and which are finished. Never imports {@code reader}; what the two share is in {@code split}.
 */
@NullMarked
package io.slsdispatch.connector.source.enumerator;

import org.jspecify.annotations.NullMarked;
