package dev.watermill.join;

import dev.watermill.broker.StreamSource;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;

/**
 * One node of a join tree and the edge to its parent.
 *
 * @param stream the name of the stream, unique in the tree
 * @param source where it is read
 * @param parent the index of the parent in the tree's list of nodes, -1 for the master
 * @param leftKey the key of the parent's elements at this edge, {@code null} for the
 * master
 * @param rightKey the key of this node's elements at this edge, {@code null} for the
 * master
 * @param take how many of its matches a parent element takes
 * @param onInvalid what happens with an element that can't be read or has no key
 * @param onTombstone what happens with a record without a value
 * @param onDisorder what happens with an element whose key is less than one before it
 * @param arrival what is done about elements as they arrive
 * @param kind which elements match, by their keys
 * @param optional whether a parent element without a match is complete all the same
 * @since 0.1.0
 */
public record JoinNode(String stream, StreamSource<?> source, int parent, @Nullable KeyFunction<?> leftKey,
		@Nullable KeyFunction<?> rightKey, Take take, ErrorPolicy onInvalid, ErrorPolicy onTombstone,
		ErrorPolicy onDisorder, ArrivalPolicy arrival, JoinKind kind, boolean optional) {

	/**
	 * Create a node about whose elements nothing is done as they arrive, with a required
	 * edge of equal keys.
	 * @param stream the name of the stream, unique in the tree
	 * @param source where it is read
	 * @param parent the index of the parent in the tree's list of nodes
	 * @param leftKey the key of the parent's elements at this edge
	 * @param rightKey the key of this node's elements at this edge
	 * @param take how many of its matches a parent element takes
	 * @param onInvalid what happens with an element that can't be read or has no key
	 * @param onTombstone what happens with a record without a value
	 * @param onDisorder what happens with an element whose key is less than one before it
	 */
	public JoinNode(String stream, StreamSource<?> source, int parent, @Nullable KeyFunction<?> leftKey,
			@Nullable KeyFunction<?> rightKey, Take take, ErrorPolicy onInvalid, ErrorPolicy onTombstone,
			ErrorPolicy onDisorder) {
		this(stream, source, parent, leftKey, rightKey, take, onInvalid, onTombstone, onDisorder, ArrivalPolicy.NONE,
				JoinKind.EQUAL, false);
	}

	/**
	 * Return this node as it reads another source.
	 * @param other where it is read
	 * @return the node
	 */
	public JoinNode readFrom(StreamSource<?> other) {
		return new JoinNode(this.stream, other, this.parent, this.leftKey, this.rightKey, this.take, this.onInvalid,
				this.onTombstone, this.onDisorder, this.arrival, this.kind, this.optional);
	}

	/**
	 * Return this node as something is done about its elements as they arrive.
	 * @param other what is done
	 * @return the node
	 */
	public JoinNode arrivingBy(ArrivalPolicy other) {
		return new JoinNode(this.stream, this.source, this.parent, this.leftKey, this.rightKey, this.take,
				this.onInvalid, this.onTombstone, this.onDisorder, other, this.kind, this.optional);
	}

	/**
	 * Return this node as it is joined in another way.
	 * @param otherKind which elements match
	 * @param otherOptional whether a parent element needs none
	 * @return the node
	 */
	public JoinNode joinedAs(JoinKind otherKind, boolean otherOptional) {
		return new JoinNode(this.stream, this.source, this.parent, this.leftKey, this.rightKey, this.take,
				this.onInvalid, this.onTombstone, this.onDisorder, this.arrival, otherKind, otherOptional);
	}

	/**
	 * How many of its matches a parent element takes.
	 */
	public enum Take {

		/**
		 * Every match, so the group is complete only when the child shows a greater key
		 * or ends.
		 */
		ALL,

		/**
		 * The first complete match only, so nothing waits for the element behind it;
		 * further ones with that key are surplus.
		 */
		FIRST

	}

}
