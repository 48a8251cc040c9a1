package dev.watermill.broker.file;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import dev.watermill.codec.internal.ForeignText;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The objects around an array, by the names of the fields that lead to it: finds where
 * the array begins, and behind it where the outermost object ends. Keeps nothing of what
 * else is in them.
 */
final class Envelope {

	private static final int LONGEST_NAME = 1024;

	private final List<String> path;

	private State state = State.OBJECT;

	private int level;

	// How many brackets are open in a value that is passed over
	private int depth;

	// Behind the array: how many of the objects around it are still open
	private int around;

	private boolean inText;

	private boolean escaped;

	private byte[] name = new byte[64];

	private int nameLength;

	Envelope(List<String> path) {
		this.path = path;
	}

	/**
	 * Return an envelope of which everything up to the end of the array was read.
	 */
	static Envelope behindArray(List<String> path) {
		Envelope envelope = new Envelope(path);
		envelope.state = State.BEHIND;
		envelope.depth = path.size();
		envelope.around = envelope.depth;
		return envelope;
	}

	/**
	 * Look at bytes up to the array's first, or behind the last of the outermost object.
	 * @return the index behind the last byte looked at
	 * @throws WrongFormatException if there is something else
	 */
	int take(byte[] bytes, int from, int limit) throws WrongFormatException {
		int i = from;
		while (i < limit && !isFound() && !isClosed()) {
			take(bytes[i++]);
		}
		return i;
	}

	boolean isFound() {
		return this.state == State.ARRAY;
	}

	boolean isClosed() {
		return this.state == State.BEHIND && this.depth == 0;
	}

	private void take(byte current) throws WrongFormatException {
		if (this.inText) {
			text(current);
			return;
		}
		if (WhiteSpace.is(current)) {
			return;
		}
		switch (this.state) {
			case OBJECT -> {
				expect(current, '{', "an object");
				this.state = State.MEMBER;
			}
			case MEMBER -> {
				if (current == '}') {
					throw notFound("it is not there");
				}
				if (current != ',') {
					expect(current, '"', "the name of a field");
					this.nameLength = 0;
					this.inText = true;
				}
			}
			case COLON -> {
				expect(current, ':', "':' behind the name of a field");
				boolean leads = isName(this.path.get(this.level));
				boolean last = this.level == this.path.size() - 1;
				this.state = !leads ? State.OTHER : (last ? State.VALUE : State.OBJECT);
				this.level += (leads && !last) ? 1 : 0;
			}
			case VALUE -> {
				expect(current, '[', "an array");
				this.state = State.ARRAY;
			}
			case OTHER -> other(current);
			case BEHIND -> behind(current);
			case ARRAY -> throw new IllegalStateException();
		}
	}

	private void text(byte current) {
		if (this.escaped) {
			this.escaped = false;
		}
		else if (current == '\\') {
			this.escaped = true;
		}
		else if (current == '"') {
			this.inText = false;
			this.state = (this.state == State.MEMBER) ? State.COLON : this.state;
			return;
		}
		boolean mayBeName = this.state == State.MEMBER || (this.state == State.BEHIND && this.depth == this.around);
		if (mayBeName && this.nameLength < LONGEST_NAME) {
			if (this.nameLength == this.name.length) {
				this.name = Arrays.copyOf(this.name, this.nameLength * 2);
			}
			this.name[this.nameLength++] = current;
		}
	}

	/**
	 * Pass over what stands behind the array. A name that leads there again would have
	 * its elements left out, so it is refused.
	 */
	private void behind(byte current) throws WrongFormatException {
		if (current == ':' && this.depth == this.around && isName(this.path.get(this.depth - 1))) {
			throw new WrongFormatException("expected one array at '" + String.join("/", this.path)
					+ "' (at), but there is a field '" + this.path.get(this.depth - 1) + "' behind it once more");
		}
		this.inText = current == '"';
		this.nameLength = 0;
		this.depth += bracket(current);
		this.around = Math.min(this.around, this.depth);
	}

	private void other(byte current) throws WrongFormatException {
		if (this.depth == 0 && current == ',') {
			this.state = State.MEMBER;
			return;
		}
		if (this.depth == 0 && current == '}') {
			throw notFound("it is not there");
		}
		this.inText = current == '"';
		this.depth += bracket(current);
	}

	private static int bracket(byte current) {
		return switch (current) {
			case '{', '[' -> 1;
			case '}', ']' -> -1;
			default -> 0;
		};
	}

	private boolean isName(String expected) {
		String found = new String(this.name, 0, this.nameLength, StandardCharsets.UTF_8);
		return ((found.indexOf('\\') < 0) ? found : unescaped(found)).equals(expected);
	}

	private static String unescaped(String name) {
		try {
			return JsonMapper.shared().readValue('"' + name + '"', String.class);
		}
		catch (JacksonException ex) {
			return name;
		}
	}

	private void expect(byte current, char expected, String what) throws WrongFormatException {
		if (current != expected) {
			throw notFound("found '" + ForeignText.show(String.valueOf((char) (current & 0xff)))
					+ "' in its place, expected " + what);
		}
	}

	private WrongFormatException notFound(String problem) {
		return new WrongFormatException(
				"expected an array at '" + String.join("/", this.path) + "' (at), but " + problem);
	}

	private enum State {

		OBJECT, MEMBER, COLON, OTHER, VALUE, ARRAY, BEHIND

	}

}
