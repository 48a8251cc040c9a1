package dev.watermill.demo.robots;

/**
 * How far a robot of the fleet came between two of its reports.
 *
 * @param tick the number of the report from which on
 * @param robot which robot
 * @param distance in metres
 */
record FleetSpeed(long tick, int robot, double distance) {

}
