package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * A stream at work in the merge: its cursor, and the edges to the streams below it.
 */
final class Branch {

	final String stream;

	final Cursor cursor;

	final StreamAccount account;

	/** The edges in the order of the tree. */
	Edge[] edges = {};

	/**
	 * Those edges in the order in which they are asked: nobody waits for what an element
	 * may have that lacks what it needs.
	 */
	private Edge[] asked = {};

	private @Nullable ResumePoint resumePoint;

	Branch(String stream, Cursor cursor, StreamAccount account) {
		this.stream = stream;
		this.cursor = cursor;
		this.account = account;
	}

	/**
	 * Return the streams of a tree, joined, with the master first.
	 * @param lane who joins
	 * @param from where each stream is taken up again, {@code null} for the starts
	 * @param accounts what keeps account of each stream, by its name
	 * @param holdsMatches whether elements with their matches are held beyond the next
	 * element of the master
	 */
	static List<Branch> of(JoinTree tree, JoinColumns columns, LaneId lane, @Nullable Checkpoint from,
			Map<String, StreamAccount> accounts, boolean holdsMatches, Waiting waiting) {
		List<Branch> branches = new ArrayList<>();
		for (int i = 0; i < tree.nodes().size(); i++) {
			JoinNode node = tree.nodes().get(i);
			StreamAccount account = accounts.getOrDefault(node.stream(), new StreamAccount(new NodeCounters()));
			Acceptance acceptance = new Acceptance(node, columns.ordered(i), columns.equal(i),
					(i == 0 && !tree.windowsInOrder()) ? tree.windowKey() : null);
			Checkpoint.Input start = (from != null) ? from.inputs().get(node.stream()) : null;
			branches
				.add(new Branch(node.stream(), new Cursor(node, lane, acceptance, account, waiting, start), account));
		}
		// from the leaves up, since an edge knows what is below its child
		for (int i = branches.size() - 1; i >= 0; i--) {
			List<Edge> edges = new ArrayList<>();
			for (int child : tree.children(i)) {
				edges.add(Edge.of(branches.get(child), tree, columns, child, i == 0 && !holdsMatches));
			}
			branches.get(i).join(edges);
		}
		return branches;
	}

	private void join(List<Edge> newEdges) {
		this.edges = newEdges.toArray(new Edge[0]);
		newEdges.forEach((edge) -> edge.child.cursor.below(this.cursor));
		this.asked = Stream
			.concat(newEdges.stream().filter((edge) -> edge.required),
					newEdges.stream().filter((edge) -> !edge.required))
			.toArray(Edge[]::new);
	}

	void resumesAt(ResumePoint point) {
		this.resumePoint = point;
		this.cursor.beforeLettingGo(point::keepStarts);
	}

	ResumePoint resumePoint() {
		return Objects.requireNonNull(this.resumePoint);
	}

	/**
	 * Find the matches of the current element at every edge. They are with the edges
	 * afterwards.
	 * <p>
	 * An element that lacks a match at one edge has no use for those at the next ones, so
	 * these are not asked. They stay at an element before it, which is right: left keys
	 * never decrease, so an edge that is behind catches up when it is asked again; what
	 * it passes over then could match only elements that are passed themselves; and while
	 * it still holds what nobody needs any more, its stream would be taken up again
	 * sooner than it has to be, never later.
	 * @return whether it has them all
	 */
	Answer resolve() {
		if (this.edges.length > 1) {
			// before one edge waits for what another one has no use for
			for (Edge edge : this.edges) {
				if (edge.isKnownOver(this.cursor.page, this.cursor.index)) {
					return Answer.OVER;
				}
			}
		}
		for (Edge edge : this.asked) {
			Answer answer = edge.seek(this.cursor.page, this.cursor.index);
			if (answer != Answer.MATCH) {
				return answer;
			}
		}
		return Answer.MATCH;
	}

	/**
	 * Whether no element of this stream from the current one on can have its matches, as
	 * is seen without waiting: an edge is over.
	 */
	boolean isSeenOver() {
		for (Edge edge : this.edges) {
			if (edge.isSeenOver(this.cursor)) {
				return true;
			}
		}
		return false;
	}

	void skip(SkipReason reason) {
		this.account.letGo(this.cursor.number(), 1, reason, false);
		this.cursor.advance();
	}

	/**
	 * Let go of what the edges of this stream and of those below it hold.
	 */
	void release() {
		for (Edge edge : this.edges) {
			edge.release();
			edge.child.release();
		}
	}

	/**
	 * Do something for this stream and those below it.
	 */
	void forEach(Consumer<Branch> task) {
		task.accept(this);
		for (Edge edge : this.edges) {
			edge.child.forEach(task);
		}
	}

}
