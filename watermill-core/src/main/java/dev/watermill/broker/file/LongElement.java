package dev.watermill.broker.file;

import java.util.Arrays;

import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.JsonProblem;
import org.jspecify.annotations.Nullable;

/**
 * An element that is too long to be read: finds its end without keeping it. It ends where
 * its brackets and texts do, and in any case
 * <ul>
 * <li>in an array before the comma or bracket that can't be its own;
 * <li>among lines at the end of its line;
 * <li>elsewhere before a line that begins as its own line does, with the same white space
 * and the same character: a bracket may be missing.
 * </ul>
 * A text ends at the end of its line at the latest.
 */
final class LongElement {

	private static final int SHOWN = 1024;

	private final Framing framing;

	private final int maxSize;

	// What is wrong with it besides its length
	private @Nullable String problem;

	private byte[] beginning = new byte[0];

	private final byte[] lineBegin;

	private State state = State.VALUE;

	private int depth;

	private boolean begun;

	private boolean closed;

	private long taken;

	// Without the white space behind it
	private long length;

	/**
	 * Begin with an element.
	 * @param framing what stands between elements
	 * @param bytes where it stands
	 * @param start where it begins
	 * @param maxSize how many bytes it may have: more are there
	 */
	LongElement(Framing framing, byte[] bytes, int start, int maxSize) {
		this.framing = framing;
		this.maxSize = maxSize;
		this.lineBegin = (framing != Framing.LINES) ? LineBegin.of(bytes, start) : new byte[0];
	}

	/**
	 * Begin with an element of which it is known that it is broken, so that nothing but
	 * the end of its line is its end.
	 */
	static LongElement restOfLine(byte[] bytes, int start, int maxSize) {
		LongElement element = new LongElement(Framing.LINES, bytes, start, maxSize);
		element.state = State.REST_OF_LINE;
		return element;
	}

	/**
	 * Begin with a value that is followed by another one without anything between them.
	 * @param problem what is wrong with it, {@code null} if it is only too long
	 */
	static LongElement concatenated(@Nullable String problem, byte[] bytes, int start, int maxSize) {
		LongElement element = new LongElement(Framing.CONCATENATED, bytes, start, maxSize);
		element.problem = problem;
		return element;
	}

	/**
	 * Take bytes.
	 * @param bytes where they are
	 * @param from the first that was not taken yet
	 * @param limit where they end
	 * @param last whether nothing follows them
	 * @return up to where they were taken: those behind have to be given again, with more
	 */
	int take(byte[] bytes, int from, int limit, boolean last) {
		show(bytes, from, limit);
		int i = from;
		while (i < limit && this.state != State.ENDED) {
			if (bytes[i] == '\n' && !last && limit - i <= this.lineBegin.length) {
				break;
			}
			int taken = step(bytes, i, limit);
			if (taken > 0 && !WhiteSpace.is(bytes[i])) {
				this.length = this.taken + i + 1 - from;
			}
			i += taken;
		}
		this.taken += i - from;
		return i;
	}

	private void show(byte[] bytes, int from, int limit) {
		// one that is only broken is kept as it was
		int kept = (this.problem != null) ? Math.max(this.maxSize, SHOWN) : SHOWN;
		int known = (int) Math.min(kept, this.taken);
		int more = Math.min(limit - from, kept - known);
		if (more > 0) {
			if (known + more > this.beginning.length) {
				this.beginning = Arrays.copyOf(this.beginning, Math.min(kept, Math.max(known + more, known * 2)));
			}
			System.arraycopy(bytes, from, this.beginning, known, more);
		}
	}

	boolean isEnded() {
		return this.state == State.ENDED;
	}

	/**
	 * Look at a byte.
	 * @return how many of the bytes belong to the element, itself among them
	 */
	private int step(byte[] bytes, int i, int limit) {
		byte current = bytes[i];
		if (current == '\n') {
			return lineBreak(bytes, i, limit);
		}
		if (current == WhiteSpace.RECORD_SEPARATOR && this.framing == Framing.CONCATENATED) {
			return this.begun ? end(0) : 1;
		}
		if (this.problem != null && current == '{' && this.closed) {
			// No value goes on like that, so another one begins
			return end(0);
		}
		if (!WhiteSpace.is(current)) {
			this.closed = current == '}' || current == ']';
		}
		switch (this.state) {
			case TEXT -> {
				if (current == '"') {
					this.state = State.VALUE;
					valueEnded();
				}
				else if (current == '\\') {
					this.state = State.ESCAPED;
				}
			}
			case ESCAPED -> {
				this.state = State.TEXT;
			}
			case REST_OF_LINE, ENDED -> {
			}
			case GARBAGE -> {
				if (current == '{' || current == '[') {
					return end(0);
				}
			}
			case BEHIND -> {
				if (JsonSyntax.beginsValue(current)) {
					return end(0);
				}
				if (!WhiteSpace.is(current)) {
					this.state = State.GARBAGE;
				}
			}
			case VALUE -> {
				return value(current);
			}
		}
		return 1;
	}

	private int value(byte current) {
		if (current == '"') {
			this.state = State.TEXT;
		}
		else if (current == '{' || current == '[') {
			this.depth++;
		}
		else if (current == '}' || current == ']') {
			if (this.depth == 0) {
				return (this.framing == Framing.ARRAY && current == ']') ? end(0) : stray();
			}
			this.depth--;
			valueEnded();
		}
		else if (this.depth == 0 && current == ',') {
			return (this.framing == Framing.ARRAY) ? end(0) : stray();
		}
		else if (this.depth == 0 && this.begun && WhiteSpace.is(current)) {
			valueEnded();
		}
		this.begun = true;
		return 1;
	}

	private int stray() {
		if (this.framing != Framing.ARRAY) {
			this.state = State.GARBAGE;
		}
		return 1;
	}

	private void valueEnded() {
		if (this.depth == 0 && this.framing != Framing.ARRAY) {
			this.state = State.BEHIND;
		}
	}

	private int lineBreak(byte[] bytes, int i, int limit) {
		if (this.framing == Framing.LINES) {
			return end(1);
		}
		if (this.framing == Framing.CONCATENATED && (this.state == State.BEHIND || this.state == State.GARBAGE)) {
			return end(1);
		}
		if (this.state == State.TEXT || this.state == State.ESCAPED) {
			this.state = State.VALUE;
			valueEnded();
		}
		return LineBegin.follows(bytes, i + 1, limit, this.lineBegin) ? end(1) : 1;
	}

	private int end(int more) {
		this.state = State.ENDED;
		return more;
	}

	/**
	 * What stands for the element.
	 */
	InvalidElement toInvalid() {
		boolean tooLong = this.problem == null || this.length > this.maxSize;
		byte[] shown = Arrays.copyOf(this.beginning,
				(int) Math.min(Math.min(this.beginning.length, this.length), tooLong ? SHOWN : this.beginning.length));
		if (this.problem != null && this.length <= this.maxSize) {
			return new InvalidElement(JsonProblem.ofSyntax(this.problem, shown), shown, null);
		}
		return new InvalidElement(
				"Expected an element of at most " + this.maxSize
						+ " bytes (watermill.files.max-element-size), found one of " + this.length + " bytes",
				shown, null);
	}

	/**
	 * What stands between elements.
	 */
	enum Framing {

		LINES, ARRAY, CONCATENATED

	}

	private enum State {

		VALUE, TEXT, ESCAPED, BEHIND, GARBAGE, REST_OF_LINE, ENDED

	}

}
