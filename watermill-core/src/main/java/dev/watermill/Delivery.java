package dev.watermill;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.watermill.engine.LaneContext;
import dev.watermill.join.JoinTree;
import dev.watermill.join.internal.JoinView;
import dev.watermill.join.internal.Matches;
import org.jspecify.annotations.Nullable;

/**
 * What one call of a processing function is given: a master element, or a window of them,
 * with all matches. The delivery itself is valid during the call only; the elements,
 * lists and maps it gives out stay as they are and are unmodifiable.
 *
 * @since 0.1.0
 */
public final class Delivery {

	private final JoinView[] views;

	/** What shows the matches of each delivery, where they stay the same. */
	private final @Nullable Matches[] matches;

	private @Nullable Matches elements;

	private @Nullable LaneContext lane;

	Delivery(JoinTree tree) {
		this.views = new JoinView[tree.nodes().size()];
		for (int i = 1; i < this.views.length; i++) {
			this.views[i] = new JoinView(tree, i);
		}
		this.matches = new Matches[this.views.length];
	}

	Delivery of(Matches newElements, LaneContext newLane) {
		// both stay the same for a run, and a read costs less than a write
		if (this.elements != newElements || this.lane != newLane) {
			this.elements = newElements;
			this.lane = newLane;
			for (int i = 1; i < this.views.length; i++) {
				this.matches[i] = this.views[i].always(newElements);
			}
		}
		return this;
	}

	private Matches elements() {
		return Objects.requireNonNull(this.elements);
	}

	/**
	 * Return the master element; the first one of a window.
	 * @param <T> the type of the elements
	 * @param master the master
	 * @return the element
	 */
	@SuppressWarnings("unchecked")
	public <T> T get(Input<T> master) {
		return (T) elements().get(0);
	}

	/**
	 * Return the master elements of a window.
	 * @param <T> the type of the elements
	 * @param master the master
	 * @return the elements, in order
	 */
	@SuppressWarnings("unchecked")
	public <T> List<T> window(Input<T> master) {
		return (List<T>) elements().asList();
	}

	/**
	 * Return the parents with all their matches, in order.
	 * @param <P> the type of the parents
	 * @param <C> the type of the matches
	 * @param join the joined stream
	 * @return the matches by their parents
	 */
	public <P, C> Map<P, List<C>> get(JoinMany<P, C> join) {
		Matches found = this.matches[join.node()];
		return join
			.cast((found != null) ? JoinView.many(elements().get(0), found) : this.views[join.node()].many(elements()));
	}

	/**
	 * Return the parents with their first match, in order.
	 * @param <P> the type of the parents
	 * @param <C> the type of the matches
	 * @param join the joined stream
	 * @return the match by its parent
	 */
	public <P, C> Map<P, C> get(JoinFirst<P, C> join) {
		Matches found = this.matches[join.node()];
		return join.cast(
				(found != null) ? JoinView.first(elements().get(0), found) : this.views[join.node()].first(elements()));
	}

	/**
	 * Return what else is known of the delivery.
	 * @return the context
	 */
	public MillContext context() {
		return new MillContext(Objects.requireNonNull(this.lane));
	}

}
