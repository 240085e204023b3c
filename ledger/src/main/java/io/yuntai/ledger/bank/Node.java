package io.yuntai.ledger.bank;

/**
 * One life of a gateway node.
 *
 * @param id the node's number, the same in all its lives
 * @param epoch which life, from 1
 */
public record Node(int id, long epoch) {}
