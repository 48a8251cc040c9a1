package dev.watermill.broker.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.ForeignText;
import dev.watermill.codec.internal.JsonProblem;
import org.jspecify.annotations.Nullable;

/**
 * One array that holds all elements, or one in each of several objects, one behind the
 * other. An element is what stands between two commas; where one is no JSON,
 * {@link BrokenElement} finds its end.
 * <p>
 * The mark of an element is the end of the one before it, in front of the comma; so that
 * a file which was cut off or lacks a comma can be repaired there. An array that is cut
 * off, or followed by something else, is no element but a broken file.
 */
final class ArrayFormat implements ElementFormat {

	private static final int SHOWN = 40;

	private final BoundFile file;

	private final ElementDecoding decoding;

	private final JsonSyntax syntax;

	private final int maxElementSize;

	// Whether the object around the array may be followed by the next one
	private final boolean repeated;

	// What stands before the mark, unknown until something was read
	private @Nullable Place place;

	// Whether the element at the mark is known to be no valid one that is whole
	private boolean alone;

	private @Nullable LongElement tooLong;

	private @Nullable Envelope envelope;

	ArrayFormat(BoundFile file, ElementDecoding decoding, JsonSyntax syntax, int maxElementSize) {
		this.file = file;
		this.decoding = decoding;
		this.syntax = syntax;
		this.maxElementSize = maxElementSize;
		this.repeated = file.format().layout() == FileFormat.Layout.CONCATENATED;
	}

	@Override
	public boolean read(ReadBuffer buffer, Elements elements) throws IOException {
		if (this.tooLong != null) {
			passTooLong(buffer, elements, this.tooLong, buffer.mark());
			return false;
		}
		Place before = this.place;
		if (before == null) {
			before = buffer.isAtStart() ? Place.START : Place.ELEMENT;
		}
		boolean over = read(buffer, elements, before);
		if (elements.size() > 0) {
			this.place = Place.ELEMENT;
			this.alone = false;
		}
		return over;
	}

	private boolean read(ReadBuffer buffer, Elements elements, Place before) throws IOException {
		byte[] bytes = buffer.bytes();
		int limit = buffer.limit();
		List<String> path = this.file.format().path();
		Place place = before;
		int at = (place == Place.START) ? ByteOrderMark.skip(buffer, this.file) : buffer.mark();
		while (true) {
			at = (place != Place.ENVELOPE) ? WhiteSpace.skip(bytes, at, limit) : at;
			if (at == limit || isUnknown(buffer, place)) {
				return end(buffer, elements, place, at);
			}
			byte current = bytes[at];
			if (this.repeated && (place == Place.START || place == Place.CLOSED)
					&& current == WhiteSpace.RECORD_SEPARATOR) {
				place = Place.CLOSED;
				at++;
			}
			else if ((place == Place.START && !path.isEmpty()) || (place == Place.CLOSED && this.repeated)) {
				this.envelope = new Envelope(path);
				place = Place.ENVELOPE;
			}
			else if (place == Place.ENVELOPE && this.envelope != null) {
				try {
					at = this.envelope.take(bytes, at, limit);
				}
				catch (WrongFormatException ex) {
					if (elements.size() > 0) {
						return false;
					}
					throw ex;
				}
				place = this.envelope.isFound() ? Place.ARRAY : this.envelope.isClosed() ? Place.CLOSED : place;
			}
			else if (place == Place.START) {
				if (current != '[') {
					return wrong(buffer, elements, place, at);
				}
				place = Place.ARRAY;
				at++;
			}
			else if (place == Place.CLOSED) {
				return wrong(buffer, elements, place, at);
			}
			else if (current == ',' && place == Place.ELEMENT) {
				place = Place.COMMA;
				at++;
			}
			else if (current == ']' && place != Place.COMMA) {
				this.envelope = Envelope.behindArray(path);
				place = path.isEmpty() ? Place.CLOSED : Place.ENVELOPE;
				at++;
			}
			else if (element(buffer, elements, at)) {
				place = Place.ELEMENT;
				at = elements.end();
			}
			else {
				return end(buffer, elements, place, at);
			}
		}
	}

	private static boolean isUnknown(ReadBuffer buffer, Place place) {
		return place == Place.START && buffer.limit() - buffer.mark() < ByteOrderMark.LENGTH && !buffer.isAtEnd();
	}

	/**
	 * Read on later, in more of the file, if there is any.
	 * @param place what stands before what was looked at
	 */
	private boolean end(ReadBuffer buffer, Elements elements, Place place, int at) throws IOException {
		boolean whole = place == Place.CLOSED || (place == Place.START && this.repeated);
		boolean over = whole && at == buffer.limit() && buffer.isAtEnd();
		if (elements.size() > 0 || over) {
			return over;
		}
		if (buffer.isAtEnd() && this.tooLong == null) {
			if (place == Place.START) {
				throw new WrongFormatException("expected an array, which begins with '[', found nothing");
			}
			throw cutOff();
		}
		if (this.tooLong == null && !isUnknown(buffer, place)) {
			this.place = place;
			elements.pass(at);
		}
		return false;
	}

	/**
	 * Say that the file is something else, once enough of it was read to show it.
	 */
	private boolean wrong(ReadBuffer buffer, Elements elements, Place place, int at) throws IOException {
		if (elements.size() > 0 || (buffer.limit() - at < SHOWN && !buffer.isAtEnd())) {
			return end(buffer, elements, place, at);
		}
		String found = shown(buffer.bytes(), at, buffer.limit());
		throw new WrongFormatException((place == Place.CLOSED)
				? "expected nothing behind the array's closing ']'"
						+ (this.file.format().path().isEmpty() ? "" : " and the objects around it") + ", found " + found
						+ severalObjects(buffer.bytes()[at])
				: "expected an array, which begins with '[', found " + found
						+ ". A file with an element a line is named .jsonl or .ndjson, or has the stream's property "
						+ "format: lines" + ((buffer.bytes()[at] == '{')
								? "; for an array within an object the stream's property at names its field" : ""));
	}

	private String severalObjects(byte next) {
		return (next == '{' && !this.file.format().path().isEmpty())
				? ". For one object with such an array behind the other set the stream's format: concatenated" : "";
	}

	/**
	 * Add the element that begins somewhere, and those behind it that are well.
	 * @return whether there is one
	 */
	private boolean element(ReadBuffer buffer, Elements elements, int start) throws IOException {
		byte first = buffer.bytes()[start];
		if (first == ',' || first == ']') {
			elements.add(new InvalidElement("Expected an element, found '" + (char) first + "'", new byte[0], null),
					start, start);
			return true;
		}
		int before = elements.size();
		if (!this.alone) {
			this.decoding.array(buffer, start, elements, this.maxElementSize);
			// Where it stopped something is not whole or not well
			this.alone = elements.size() > before;
			if (this.alone) {
				return true;
			}
		}
		this.alone = !single(buffer, elements, start);
		return !this.alone;
	}

	/**
	 * Look at one element alone: it is not whole yet, or something is wrong with it. No
	 * more is looked at than may belong to the longest, so it does not matter where the
	 * buffer ends.
	 * @return whether there is an element
	 */
	private boolean single(ReadBuffer buffer, Elements elements, int start) throws IOException {
		byte[] bytes = buffer.bytes();
		boolean longer = buffer.limit() - start > this.maxElementSize;
		int limit = longer ? start + this.maxElementSize + 1 : buffer.limit();
		int end = this.syntax.end(bytes, start, limit);
		int error = -end;
		if (end > 0) {
			int next = WhiteSpace.skip(bytes, end, limit);
			if (end - start > this.maxElementSize) {
				return tooLong(buffer, elements, start);
			}
			if ((next < limit) ? (bytes[next] == ',' || bytes[next] == ']')
					: (longer || (buffer.isAtEnd() && endsItself(bytes[end - 1])))) {
				elements.add(this.decoding.one(buffer, start, end), start, end);
				return true;
			}
			if (next < limit && isAlike(bytes[next], bytes[start])) {
				elements.add(invalid(true, buffer.copy(start, end)), start, end);
				return true;
			}
			error = next;
		}
		if (error >= limit && longer) {
			return tooLong(buffer, elements, start);
		}
		if (error >= limit && !buffer.isAtEnd()) {
			return false;
		}
		BrokenElement broken = new BrokenElement(bytes, start, limit, longer || buffer.isAtEnd());
		int brokenEnd = broken.end(Math.min(error, limit));
		if (brokenEnd == limit && longer) {
			return tooLong(buffer, elements, start);
		}
		if (brokenEnd < 0 || brokenEnd == limit) {
			return false;
		}
		elements.add(invalid(end > 0, broken.copy(brokenEnd)), start, brokenEnd);
		return true;
	}

	private InvalidElement invalid(boolean json, byte[] bytes) {
		return new InvalidElement(
				json ? "Expected ',' or ']' behind the element" : JsonProblem.ofSyntax(this.syntax.problem(), bytes),
				bytes, null);
	}

	private static boolean endsItself(byte last) {
		return last == '}' || last == ']' || last == '"';
	}

	/**
	 * Whether what stands behind an element, where a comma is expected, looks like the
	 * next one.
	 */
	private static boolean isAlike(byte next, byte first) {
		return next == first || (Character.isDigit(next) && Character.isDigit(first));
	}

	private boolean tooLong(ReadBuffer buffer, Elements elements, int start) throws IOException {
		if (elements.size() > 0) {
			return false;
		}
		this.tooLong = new LongElement(LongElement.Framing.ARRAY, buffer.bytes(), start, this.maxElementSize);
		elements.passWithin(start, start);
		return passTooLong(buffer, elements, this.tooLong, start);
	}

	private boolean passTooLong(ReadBuffer buffer, Elements elements, LongElement element, int from)
			throws IOException {
		int taken = element.take(buffer.bytes(), from, buffer.limit(), buffer.isAtEnd());
		elements.pass(taken);
		if (element.isEnded()) {
			this.tooLong = null;
			this.place = Place.ELEMENT;
			this.alone = false;
			elements.add(element.toInvalid(), from, taken);
		}
		else if (buffer.isAtEnd()) {
			throw cutOff();
		}
		return element.isEnded();
	}

	private static IOException cutOff() {
		return new EOFException("expected ',' or ']', but it ends in the middle");
	}

	private static String shown(byte[] bytes, int from, int limit) {
		int end = Newlines.next(bytes, from, Math.min(from + SHOWN, limit));
		return "'" + ForeignText.show(new String(bytes, from, end - from, StandardCharsets.UTF_8).strip()) + "'";
	}

	/**
	 * What stands before.
	 */
	private enum Place {

		/**
		 * Nothing.
		 */
		START,

		/**
		 * Something of the object around the array.
		 */
		ENVELOPE,

		/**
		 * The beginning of the array.
		 */
		ARRAY,

		/**
		 * An element.
		 */
		ELEMENT,

		/**
		 * The comma behind an element.
		 */
		COMMA,

		/**
		 * The end of the array.
		 */
		CLOSED

	}

}
