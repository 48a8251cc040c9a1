package dev.watermill;

import java.util.Map;

/**
 * A joined stream of which the first complete match is asked for.
 *
 * @param <P> the type of the parent's elements
 * @param <C> the type of the elements
 * @since 0.1.0
 * @see Delivery#get(JoinFirst)
 */
public final class JoinFirst<P, C> extends Input<C> {

	JoinFirst(int node, String stream) {
		super(node, stream);
	}

	@SuppressWarnings("unchecked")
	Map<P, C> cast(Map<?, ?> matches) {
		return (Map<P, C>) matches;
	}

}
