package dev.watermill.join.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.delivery.MillContext;
import dev.watermill.join.JoinTree;

/**
 * A delivery that stays as it is, whatever becomes of the merge: for functions that go on
 * after they have returned. Immutable.
 *
 * @since 0.1.0
 */
@SuppressWarnings("unchecked")
public final class FrozenDelivery implements Delivery {

	private final JoinTree tree;

	private final Matches elements;

	private final MillContext context;

	/**
	 * Create a delivery.
	 * @param tree the join tree
	 * @param elements the master elements, with all matches
	 * @param context what else is known of it
	 */
	public FrozenDelivery(JoinTree tree, HeldWindow elements, MillContext context) {
		this.tree = tree;
		this.elements = elements.frozen();
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
		return (Map<P, List<C>>) (Map<?, ?>) view(join).many(this.elements);
	}

	@Override
	public <P, C> Map<P, C> get(JoinFirst<P, C> join) {
		return (Map<P, C>) view(join).first(this.elements);
	}

	@Override
	public <P, C> Map<P, Optional<C>> get(JoinOptional<P, C> join) {
		return (Map<P, Optional<C>>) (Map<?, ?>) view(join).optional(this.elements);
	}

	@Override
	public <C> List<C> matches(JoinMany<?, C> join) {
		return (List<C>) ofFirst(join).asList();
	}

	@Override
	public <C> C match(JoinFirst<?, C> join) {
		return (C) ofFirst(join).get(0);
	}

	@Override
	public <C> Optional<C> match(JoinOptional<?, C> join) {
		return (Optional<C>) Optional.ofNullable(ofFirst(join).first());
	}

	private Matches ofFirst(Input<?> join) {
		return view(DeliveryView.ofMaster(this.tree, join)).only(this.elements);
	}

	private JoinView view(Input<?> join) {
		return new JoinView(this.tree, join.node());
	}

	@Override
	public MillContext context() {
		return this.context;
	}

}
