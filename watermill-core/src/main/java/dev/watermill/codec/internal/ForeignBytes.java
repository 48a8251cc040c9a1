package dev.watermill.codec.internal;

import java.nio.ByteBuffer;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * Recognises bytes that are no JSON but something that people take for it: data that is
 * compressed, text in another encoding, values of a schema registry, blocks of zeros.
 *
 * @since 0.1.0
 */
public enum ForeignBytes {

	/**
	 * Data in gzip format.
	 */
	GZIP("data in gzip format", "1f8b"),

	/**
	 * Data in zstd format.
	 */
	ZSTD("data in zstd format", "28b52ffd"),

	/**
	 * Data in bzip2 format.
	 */
	BZIP2("data in bzip2 format", "425a6839314159265359"),

	/**
	 * Data in xz format.
	 */
	XZ("data in xz format", "fd377a585a00"),

	/**
	 * Data in LZ4's frame format.
	 */
	LZ4("data in LZ4 format", "04224d18"),

	/**
	 * Data in Snappy's framing format.
	 */
	SNAPPY("data in Snappy format", "ff060000734e61507059"),

	/**
	 * A ZIP archive.
	 */
	ZIP("a ZIP archive", "504b0304"),

	/**
	 * A Parquet file.
	 */
	PARQUET("a Parquet file", "5041523115"),

	/**
	 * An Avro container file.
	 */
	AVRO("an Avro file", "4f626a01"),

	/**
	 * An object as Java's serialization writes it.
	 */
	JAVA("a serialized Java object", "aced0005"),

	/**
	 * Text in UTF-32.
	 */
	UTF_32("text in UTF-32"),

	/**
	 * Text in UTF-16.
	 */
	UTF_16("text in UTF-16"),

	/**
	 * A value as the serializers of a schema registry write it: a zero byte, the id of
	 * the schema in four bytes, the data.
	 */
	SCHEMA_REGISTRY("a value that begins with a zero byte and the id of a schema, as those of a schema registry do"),

	/**
	 * Zeros, as a file system leaves them where a machine stopped before what was to be
	 * there was written.
	 */
	ZEROS("zero bytes (NUL), as they are left where a machine stopped while it wrote");

	private static final int REGISTRY_HEADER = 5;

	private static final int MOST_SCHEMAS = 1 << 24;

	private static final int LOOK_AT = 8;

	private final String description;

	private final byte[] signature;

	ForeignBytes(String description) {
		this(description, "");
	}

	ForeignBytes(String description, String signature) {
		this.description = description;
		this.signature = HexFormat.of().parseHex(signature);
	}

	/**
	 * Say what bytes are that are not JSON.
	 * @param bytes the bytes
	 * @param from the first of them
	 * @param to the index behind the last
	 * @return what they are, {@code null} if that is not known
	 */
	public static @Nullable ForeignBytes recognise(byte[] bytes, int from, int to) {
		for (ForeignBytes kind : values()) {
			if (kind.signature.length > 0 && startsWith(bytes, from, to, kind.signature)) {
				return kind;
			}
		}
		int length = to - from;
		if (startsWith(bytes, from, to, (byte) 0, (byte) 0, (byte) 0xfe, (byte) 0xff)) {
			return UTF_32;
		}
		if (length >= 2 && (startsWith(bytes, from, to, (byte) 0xfe, (byte) 0xff)
				|| startsWith(bytes, from, to, (byte) 0xff, (byte) 0xfe))) {
			return (length >= Integer.BYTES && bytes[from + 2] == 0 && bytes[from + 3] == 0) ? UTF_32 : UTF_16;
		}
		if (repeats(bytes, from, to, 0b1110) || repeats(bytes, from, to, 0b0111)) {
			return UTF_32;
		}
		if (repeats(bytes, from, to, 0b1010) || repeats(bytes, from, to, 0b0101)) {
			return UTF_16;
		}
		return zeros(bytes, from, to);
	}

	/**
	 * Whether of every four bytes at the beginning the same ones are zero, and only
	 * these.
	 * @param zeros which, the first byte as the highest bit
	 */
	private static boolean repeats(byte[] bytes, int from, int to, int zeros) {
		int length = Math.min(to - from, LOOK_AT);
		for (int i = 0; i < length; i++) {
			boolean zero = (zeros & (0b1000 >> (i % Integer.BYTES))) != 0;
			if ((bytes[from + i] == 0) != zero) {
				return false;
			}
		}
		return length >= Integer.BYTES;
	}

	private static @Nullable ForeignBytes zeros(byte[] bytes, int from, int to) {
		int zero = from;
		while (zero < to && bytes[zero] != 0) {
			zero++;
		}
		if (zero == to) {
			return null;
		}
		return (zero == from && beginsWithSchema(bytes, from, to)) ? SCHEMA_REGISTRY : ZEROS;
	}

	/**
	 * Whether a zero byte is followed by a number in four bytes, as ids of schemas are,
	 * and not by the beginning of a JSON object.
	 */
	private static boolean beginsWithSchema(byte[] bytes, int from, int to) {
		if (to - from <= REGISTRY_HEADER) {
			return false;
		}
		int id = ByteBuffer.wrap(bytes).getInt(from + 1);
		int first = from;
		while (first < from + REGISTRY_HEADER && bytes[first] == 0) {
			first++;
		}
		boolean object = bytes[first] == '{' && first + 1 < to && bytes[first + 1] == '"';
		return id > 0 && id < MOST_SCHEMAS && !object;
	}

	private static boolean startsWith(byte[] bytes, int from, int to, byte... signature) {
		if (to - from < signature.length) {
			return false;
		}
		for (int i = 0; i < signature.length; i++) {
			if (bytes[from + i] != signature[i]) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether this is what a whole file is, and no single element of it.
	 * @return {@code false} if it may be an element that is broken
	 */
	public boolean isContainer() {
		return this != ZEROS && this != SCHEMA_REGISTRY;
	}

	/**
	 * Whether a deserializer is what is missing to read it from a topic.
	 * @return {@code true} if it is binary data
	 */
	public boolean needsDeserializer() {
		return this != ZEROS && this != UTF_16 && this != UTF_32;
	}

	/**
	 * What it is, in words.
	 * @return for example {@code data in gzip format}
	 */
	@Override
	public String toString() {
		return this.description;
	}

}
