package dev.watermill.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;

import dev.watermill.JoinCondition;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.engine.MillState;
import dev.watermill.join.JoinKind;

/**
 * Joins trades with quotes as of in all ways for which DuckDB has a statement, and
 * compares match by match. Quotes of one time have no order there, so their times differ:
 * for a symbol where symbols have to be equal, of all else. DuckDB's driver has to be on
 * the class path.
 */
public final class AsOfComparison {

	private static final int SYMBOLS = 1_000;

	private final int rows;

	private AsOfComparison(int rows) {
		this.rows = rows;
	}

	/**
	 * Compare.
	 * @param arguments how many rows either side has, a million by default
	 * @throws IOException if the rows can't be written for DuckDB
	 * @throws SQLException if DuckDB fails
	 */
	public static void main(String[] arguments) throws IOException, SQLException {
		int rows = (arguments.length > 0) ? Integer.parseInt(arguments[0].replace("_", "")) : 1_000_000;
		new AsOfComparison(rows).run();
	}

	private void run() throws IOException, SQLException {
		Random random = new Random(this.rows);
		List<Row> trades = rows(random, 0);
		List<Row> quotes = rows(random, 1);
		List<Row> quotesOfSymbols = bySymbol(random);
		Path directory = Files.createTempDirectory("as-of");
		try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
				Statement statement = connection.createStatement()) {
			load(statement, "trades", trades, directory);
			load(statement, "quotes", quotes, directory);
			load(statement, "quotes_of_symbols", quotesOfSymbols, directory);
			for (JoinKind.Direction direction : List.of(JoinKind.Direction.BACKWARD, JoinKind.Direction.FORWARD)) {
				for (boolean exact : new boolean[] { true, false }) {
					for (int tolerance : new int[] { -1, 2 }) {
						compare(statement, new Way(direction, exact, tolerance, false), trades, quotes);
					}
					compare(statement, new Way(direction, exact, 2_000, true), trades, quotesOfSymbols);
				}
			}
			compare(statement, new Way(JoinKind.Direction.BACKWARD, true, -1, true), trades, quotesOfSymbols);
		}
		finally {
			for (String table : List.of("trades", "quotes", "quotes_of_symbols")) {
				Files.deleteIfExists(directory.resolve(table));
			}
			Files.delete(directory);
		}
	}

	/**
	 * Rows in the order of their times.
	 * @param least how far times are apart at least
	 */
	private List<Row> rows(Random random, int least) {
		List<Row> rows = new ArrayList<>(this.rows);
		long time = 0;
		for (int id = 0; id < this.rows; id++) {
			time += least + random.nextInt(4);
			rows.add(new Row(id, time, random.nextInt(SYMBOLS)));
		}
		return rows;
	}

	/**
	 * Rows in the order of their times, of which those of one symbol differ in these.
	 */
	private List<Row> bySymbol(Random random) {
		List<Row> rows = new ArrayList<>(this.rows);
		long[] last = new long[SYMBOLS];
		Arrays.fill(last, -1);
		long time = 0;
		while (rows.size() < this.rows) {
			time += random.nextInt(3);
			int symbol = random.nextInt(SYMBOLS);
			if (time > last[symbol]) {
				last[symbol] = time;
				rows.add(new Row(rows.size(), time, symbol));
			}
		}
		return rows;
	}

	private static void load(Statement statement, String table, List<Row> rows, Path directory)
			throws IOException, SQLException {
		Path file = directory.resolve(table);
		try (BufferedWriter writer = Files.newBufferedWriter(file)) {
			writer.write("id,at,symbol\n");
			for (Row row : rows) {
				writer.write(row.id() + "," + row.time() + "," + row.symbol() + "\n");
			}
		}
		statement.execute("CREATE TABLE " + table + " AS SELECT * FROM read_csv('" + file + "')");
	}

	private void compare(Statement statement, Way way, List<Row> trades, List<Row> quotes) throws SQLException {
		long start = System.nanoTime();
		int[] ours = ours(way, trades, quotes);
		long between = System.nanoTime();
		int[] theirs = theirs(statement, way);
		long end = System.nanoTime();
		int matched = 0;
		for (int id = 0; id < this.rows; id++) {
			if (ours[id] != theirs[id]) {
				throw new IllegalStateException(way + ": trade " + trades.get(id) + " has quote " + ours[id]
						+ " here, and " + theirs[id] + " at DuckDB");
			}
			matched += (ours[id] >= 0) ? 1 : 0;
		}
		System.out.printf("%-70s equal: %,d rows, %,d matched; %,d ms here, %,d ms there%n", way, this.rows, matched,
				(between - start) / 1_000_000, (end - between) / 1_000_000);
	}

	private int[] ours(Way way, List<Row> trades, List<Row> quotes) {
		InMemoryBroker broker = new InMemoryBroker();
		broker.<Row>stream("trade").complete(trades);
		broker.<Row>stream("quote").complete(quotes);
		MillBuilder builder = Mill.builder("as-of");
		Input<Row> trade = builder.from("trade", Row.class, broker);
		ToLongFunction<Row> time = Row::time;
		JoinCondition<Row, Row>.AsOfMatch join = builder.join(trade, "quote", Row.class, broker)
			.onLong(time, time)
			.asOf(way.direction());
		if (!way.exact()) {
			join.notExact();
		}
		if (way.tolerance() >= 0) {
			join.tolerance(way.tolerance());
		}
		if (way.bySymbol()) {
			join.by(Row::symbol, Row::symbol);
		}
		JoinOptional<Row, Row> quote = join.optional();
		int[] matches = new int[this.rows];
		builder
			.forEach((delivery) -> matches[delivery.get(trade).id()] = delivery.match(quote).map(Row::id).orElse(-1));
		Mill mill = builder.build();
		if (mill.run() != MillState.COMPLETED) {
			throw new IllegalStateException(String.valueOf(mill.status()));
		}
		return matches;
	}

	private int[] theirs(Statement statement, Way way) throws SQLException {
		int[] matches = new int[this.rows];
		try (ResultSet found = statement.executeQuery(way.statement())) {
			while (found.next()) {
				Object quote = found.getObject(2);
				matches[found.getInt(1)] = (quote != null) ? ((Number) quote).intValue() : -1;
			}
		}
		return matches;
	}

	/**
	 * A trade or a quote.
	 *
	 * @param id its place among those of its kind
	 * @param time the key
	 * @param symbol what it is about
	 */
	public record Row(int id, long time, int symbol) {

	}

	/**
	 * A way to join.
	 *
	 * @param direction where the quote is looked for
	 * @param exact whether an equal time counts
	 * @param tolerance how far it may be, -1 for any distance
	 * @param bySymbol whether symbols have to be equal
	 */
	private record Way(JoinKind.Direction direction, boolean exact, int tolerance, boolean bySymbol) {

		String statement() {
			String comparison = ((this.direction == JoinKind.Direction.BACKWARD) ? ">" : "<") + (this.exact ? "=" : "");
			String quote = (this.tolerance < 0) ? "q.id"
					: "CASE WHEN abs(t.at - q.at) <= " + this.tolerance + " THEN q.id END";
			return "SELECT t.id, " + quote + " FROM trades t ASOF LEFT JOIN "
					+ (this.bySymbol ? "quotes_of_symbols q ON t.symbol = q.symbol AND " : "quotes q ON ") + "t.at "
					+ comparison + " q.at";
		}

		@Override
		public String toString() {
			return this.direction.name().toLowerCase() + (this.exact ? "" : ", not exact")
					+ ((this.tolerance < 0) ? "" : ", tolerance " + this.tolerance)
					+ (this.bySymbol ? ", by symbol" : "");
		}

	}

}
