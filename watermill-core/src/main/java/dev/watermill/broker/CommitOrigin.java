package dev.watermill.broker;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What is to be known of what was read from a place of commits, besides the positions.
 * Immutable.
 *
 * @param session who committed last, in the order of {@link CommitScope#newSession()};
 * empty if nobody did
 * @param leftFor where the mill has committed since, {@code null} if this place was not
 * left
 * @param elsewhere other places at which positions are kept, as is recorded here, by
 * their locations
 * @since 0.1.0
 */
public record CommitOrigin(String session, @Nullable String leftFor, Set<String> elsewhere) {

	/** Nothing is known. */
	public static final CommitOrigin UNKNOWN = new CommitOrigin("", null, Set.of());

	/**
	 * Create an origin.
	 * @param session who committed last
	 * @param leftFor where the mill has committed since
	 * @param elsewhere other places at which positions are kept
	 */
	public CommitOrigin {
		elsewhere = Set.copyOf(elsewhere);
	}

}
