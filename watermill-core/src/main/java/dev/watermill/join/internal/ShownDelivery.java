package dev.watermill.join.internal;

import java.util.List;
import java.util.Optional;

import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;

/**
 * Shows the matches of the only master element of a delivery.
 */
@SuppressWarnings("unchecked")
abstract class ShownDelivery implements Delivery {

	@Override
	public final <C> List<C> matches(JoinMany<?, C> join) {
		return (List<C>) ofFirst(join).asList();
	}

	@Override
	public final <C> C match(JoinFirst<?, C> join) {
		return (C) ofFirst(join).get(0);
	}

	@Override
	public final <C> Optional<C> match(JoinOptional<?, C> join) {
		return (Optional<C>) Optional.ofNullable(ofFirst(join).first());
	}

	/**
	 * The matches of the first master element at a join to the master.
	 */
	abstract Matches ofFirst(Input<?> join);

}
