package dev.watermill;

import java.util.List;
import java.util.Map;

/**
 * A joined stream of which every match is asked for.
 *
 * @param <P> the type of the parent's elements
 * @param <C> the type of the elements
 * @since 0.1.0
 * @see Delivery#get(JoinMany)
 */
public final class JoinMany<P, C> extends Input<C> {

	JoinMany(int node, String stream) {
		super(node, stream);
	}

	@SuppressWarnings("unchecked")
	Map<P, List<C>> cast(Map<?, ?> matches) {
		return (Map<P, List<C>>) matches;
	}

}
