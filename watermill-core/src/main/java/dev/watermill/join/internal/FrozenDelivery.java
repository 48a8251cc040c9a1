package dev.watermill.join.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.delivery.MillContext;

/**
 * A delivery that stays as it is, whatever becomes of the merge: for functions that go on
 * after they have returned. Immutable.
 */
@SuppressWarnings("unchecked")
final class FrozenDelivery extends ShownDelivery {

	private final JoinView[] views;

	private final Matches elements;

	private final MillContext context;

	/**
	 * Create a delivery.
	 * @param views what shows each node but the master
	 * @param elements the master elements, with all matches, which stay as they are
	 * @param context what else is known of it
	 */
	FrozenDelivery(JoinView[] views, Matches elements, MillContext context) {
		this.views = views;
		this.elements = elements;
		this.context = context;
	}

	@Override
	public <T> T get(Input<T> master) {
		return (T) this.elements.get(0);
	}

	@Override
	public <T> List<T> window(Input<T> master) {
		return (List<T>) this.elements.asList();
	}

	@Override
	public <P, C> Map<P, List<C>> get(JoinMany<P, C> join) {
		return (Map<P, List<C>>) (Map<?, ?>) this.views[join.node()].many(this.elements);
	}

	@Override
	public <P, C> Map<P, C> get(JoinFirst<P, C> join) {
		return (Map<P, C>) this.views[join.node()].first(this.elements);
	}

	@Override
	public <P, C> Map<P, Optional<C>> get(JoinOptional<P, C> join) {
		return (Map<P, Optional<C>>) (Map<?, ?>) this.views[join.node()].optional(this.elements);
	}

	@Override
	Matches ofFirst(Input<?> join) {
		return this.views[join.node()].only(join, this.elements);
	}

	@Override
	public MillContext context() {
		return this.context;
	}

}
