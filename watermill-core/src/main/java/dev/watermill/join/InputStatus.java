package dev.watermill.join;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one node of a join tree besides its counters, as of the last commit.
 * Immutable.
 *
 * @param key the key at which the stream stands, of its first expression, {@code null} if
 * it has none or nothing was read
 * @param groupSize how many elements have the key that was asked for last; 0 for the
 * master
 * @param lag how many elements stand behind those that were read, {@code null} while it
 * is unknown
 * @param progress how much of the stream was read, from 0 to 1, {@code null} while its
 * end is unknown
 * @param unmatched the keys that found no match, {@code null} if there were none, and for
 * the master
 * @param left between which left keys the parent was read, {@code null} if there are
 * none, and for the master
 * @param right between which right keys this stream was read, likewise
 * @since 0.1.0
 */
public record InputStatus(@Nullable Object key, int groupSize, @Nullable Long lag, @Nullable Double progress,
		@Nullable Unmatched unmatched, @Nullable KeyRange left, @Nullable KeyRange right) {

}
