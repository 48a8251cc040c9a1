package dev.watermill.broker.kafka;

import java.util.List;

import dev.watermill.codec.internal.TypedJson;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/**
 * Reads the JSON values of consecutive records with one parser, since to set one up costs
 * as much as a third of a small value. A value counts only if it begins and ends within
 * its record; whatever else there is must be read alone. Used by one thread.
 */
final class JsonRun implements AutoCloseable {

	/** Stands for a value that must be read alone, or that is none. */
	static final Object UNREAD = new Object();

	private static final int MOST_BYTES = 64 * 1024;

	private static final int MOST_RECORDS = 2000;

	/** How many values of a part may turn out unfit until none is tried any more. */
	private static final int MOST_UNFIT = 10;

	private final ObjectReader reader;

	private final byte[] text = new byte[MOST_BYTES];

	/** Where the records of the current part end in the text, each behind a line feed. */
	private final int[] ends = new int[MOST_RECORDS];

	private List<ConsumerRecord<byte[], byte[]>> messages = List.of();

	/** Which of the messages are in the current part. */
	private int from;

	private int to;

	/** Whether the current part is ASCII. */
	private boolean ascii;

	private int unfit;

	private @Nullable JsonParser parser;

	/** The message before which the parser stands, and where it began in the text. */
	private int parserAt;

	private int parserFrom;

	JsonRun(ObjectReader reader) {
		this.reader = reader.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
	}

	/**
	 * Begin with records that are read in this order.
	 */
	void begin(List<ConsumerRecord<byte[], byte[]>> records) {
		close();
		this.messages = records;
		this.from = 0;
		this.to = 0;
	}

	/**
	 * Read the value of a record, one behind those that were read.
	 * @param index which one it is
	 * @return the value, or {@link #UNREAD}
	 */
	Object read(int index) {
		if (index >= this.to) {
			fill(index);
		}
		return (index < this.to && this.unfit < MOST_UNFIT) ? readOfPart(index) : UNREAD;
	}

	private void fill(int first) {
		close();
		this.from = first;
		this.to = first;
		this.unfit = 0;
		int length = 0;
		while (this.to < this.messages.size() && this.to - first < MOST_RECORDS) {
			byte[] value = this.messages.get(this.to).value();
			int size = (value != null) ? value.length : 0;
			if (length + size + 1 > MOST_BYTES) {
				break;
			}
			if (value != null) {
				System.arraycopy(value, 0, this.text, length, size);
			}
			length += size;
			this.ends[this.to - first] = length;
			this.text[length++] = '\n';
			this.to++;
		}
		this.ascii = TypedJson.isAscii(this.text, length);
	}

	/**
	 * Whether what was read last is ASCII, as far as that is known.
	 */
	boolean isAscii() {
		return this.ascii;
	}

	private Object readOfPart(int index) {
		try {
			JsonParser open = this.parser;
			if (open == null || this.parserAt != index) {
				open = open(index);
			}
			Object value = this.reader.readValue(open);
			if (endsWithin(index, open.currentLocation().getByteOffset()) && !TypedJson.isNull(value)) {
				this.parserAt = index + 1;
				return value;
			}
		}
		catch (RuntimeException | StackOverflowError ex) {
			// read alone it shows what is wrong with this record
		}
		this.unfit++;
		close();
		return UNREAD;
	}

	private JsonParser open(int index) {
		close();
		this.parserFrom = (index > this.from) ? this.ends[index - 1 - this.from] + 1 : 0;
		int end = this.ends[this.to - 1 - this.from];
		JsonParser opened = this.reader.createParser(this.text, this.parserFrom, end - this.parserFrom);
		this.parser = opened;
		return opened;
	}

	/**
	 * Whether nothing but white space is left of a record. The parser may have passed the
	 * line feed behind it.
	 */
	private boolean endsWithin(int index, long offset) {
		int end = this.ends[index - this.from];
		if (offset <= 0 || this.parserFrom + offset > end + 1) {
			return false;
		}
		for (int i = (int) (this.parserFrom + offset); i < end; i++) {
			byte rest = this.text[i];
			if (rest != ' ' && rest != '\n' && rest != '\r' && rest != '\t') {
				return false;
			}
		}
		return true;
	}

	@Override
	public void close() {
		JsonParser open = this.parser;
		this.parser = null;
		if (open != null) {
			open.close();
		}
	}

}
