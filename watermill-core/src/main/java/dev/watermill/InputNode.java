package dev.watermill;

import dev.watermill.broker.StreamSource;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;

/**
 * An input of a mill that is built: as such the master, as one of its kinds a joined
 * stream.
 *
 * @param <T> the type of the elements
 */
class InputNode<T> implements Input<T> {

	private final int node;

	private final String stream;

	private final StreamSource<T> source;

	private final Edge edge;

	private ErrorPolicy onInvalid = ErrorPolicy.FAIL;

	private @Nullable ErrorPolicy onTombstone;

	private ErrorPolicy onDisorder = ErrorPolicy.FAIL;

	/**
	 * Create an input.
	 * @param node its place in the join tree
	 * @param stream the name of the stream
	 * @param source where it is read
	 * @param edge how it is joined to its parent
	 */
	InputNode(int node, String stream, StreamSource<T> source, Edge edge) {
		this.node = node;
		this.stream = stream;
		this.source = source;
		this.edge = edge;
	}

	@Override
	public final String stream() {
		return this.stream;
	}

	@Override
	public final int node() {
		return this.node;
	}

	final StreamSource<T> source() {
		return this.source;
	}

	@Override
	public final void onInvalid(ErrorPolicy policy) {
		this.onInvalid = policy;
	}

	@Override
	public final void onTombstone(ErrorPolicy policy) {
		this.onTombstone = policy;
	}

	@Override
	public final void onDisorder(ErrorPolicy policy) {
		this.onDisorder = policy;
	}

	final JoinNode toJoinNode() {
		return new JoinNode(this.stream, this.source, this.edge.parent(), this.edge.left(), this.edge.right(),
				this.edge.take(), this.onInvalid, (this.onTombstone != null) ? this.onTombstone : this.onInvalid,
				this.onDisorder);
	}

	@Override
	public final String toString() {
		return this.stream;
	}

	/**
	 * A joined stream of which every match is asked for.
	 *
	 * @param <P> the type of the parent's elements
	 * @param <C> the type of the elements
	 */
	static final class Many<P, C> extends InputNode<C> implements JoinMany<P, C> {

		Many(int node, String stream, StreamSource<C> source, Edge edge) {
			super(node, stream, source, edge);
		}

	}

	/**
	 * A joined stream of which the first match is asked for.
	 *
	 * @param <P> the type of the parent's elements
	 * @param <C> the type of the elements
	 */
	static final class First<P, C> extends InputNode<C> implements JoinFirst<P, C> {

		First(int node, String stream, StreamSource<C> source, Edge edge) {
			super(node, stream, source, edge);
		}

	}

	/**
	 * How an input is joined to its parent.
	 *
	 * @param parent the parent's place in the join tree, -1 for the master
	 * @param left the key of the parent's elements
	 * @param right the key of the elements
	 * @param take which of the matches are asked for
	 */
	record Edge(int parent, @Nullable KeyFunction<?> left, @Nullable KeyFunction<?> right, JoinNode.Take take) {

		static final Edge NONE = new Edge(-1, null, null, JoinNode.Take.ALL);

	}

}
