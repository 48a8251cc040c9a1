package dev.watermill.join.internal;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.delivery.MillContext;
import dev.watermill.join.JoinTree;
import org.jspecify.annotations.Nullable;

/**
 * Shows a function one delivery after another: the same object each time, a view of what
 * the merge holds. Used by the thread that calls the function.
 *
 * @since 0.1.0
 */
@SuppressWarnings("unchecked")
public final class DeliveryView extends ShownDelivery {

	private final Supplier<? extends MillContext> context;

	private final JoinView[] views;

	/** What shows the matches of each delivery, where it stays the same. */
	private final @Nullable HeldMatches[] matches;

	private @Nullable HeldMatches elements;

	/**
	 * Create a view.
	 * @param tree the join tree
	 * @param context makes what else is known of a delivery, the same during a call
	 */
	public DeliveryView(JoinTree tree, Supplier<? extends MillContext> context) {
		this.context = context;
		this.views = new JoinView[tree.nodes().size()];
		for (int i = 1; i < this.views.length; i++) {
			this.views[i] = new JoinView(tree, i);
		}
		this.matches = new HeldMatches[this.views.length];
	}

	/**
	 * Show another delivery.
	 * @param shown the master element, or a window of them, with all matches
	 */
	public void show(HeldMatches shown) {
		this.elements = shown;
		for (int i = 1; i < this.views.length; i++) {
			this.matches[i] = this.views[i].always(shown);
		}
	}

	private HeldMatches elements() {
		return Objects.requireNonNull(this.elements);
	}

	@Override
	public <T> T get(Input<T> master) {
		return (T) elements().get(0);
	}

	@Override
	public <T> List<T> window(Input<T> master) {
		return (List<T>) elements().asList();
	}

	@Override
	public <P, C> Map<P, List<C>> get(JoinMany<P, C> join) {
		HeldMatches always = this.matches[join.node()];
		return (Map<P, List<C>>) (Map<?, ?>) ((always != null) ? JoinView.many(elements().get(0), always)
				: this.views[join.node()].many(elements()));
	}

	@Override
	public <P, C> Map<P, C> get(JoinFirst<P, C> join) {
		HeldMatches always = this.matches[join.node()];
		return (Map<P, C>) ((always != null) ? JoinView.first(elements().get(0), always)
				: this.views[join.node()].first(elements()));
	}

	@Override
	public <P, C> Map<P, Optional<C>> get(JoinOptional<P, C> join) {
		HeldMatches always = this.matches[join.node()];
		return (Map<P, Optional<C>>) (Map<?, ?>) ((always != null) ? JoinView.optional(elements().get(0), always)
				: this.views[join.node()].optional(elements()));
	}

	@Override
	Matches ofFirst(Input<?> join) {
		HeldMatches always = this.matches[join.node()];
		return (always != null) ? always : this.views[join.node()].only(join, elements());
	}

	/**
	 * Return what this shows now, as a delivery that stays as it is.
	 * @param known what else is known of it
	 * @return the delivery
	 */
	public Delivery frozen(MillContext known) {
		return new FrozenDelivery(this.views, elements().frozen(), known);
	}

	@Override
	public MillContext context() {
		return this.context.get();
	}

}
